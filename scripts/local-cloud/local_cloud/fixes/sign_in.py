"""Cognito's own page to sign in on, and Google behind it, which google.py plays."""

from .. import settings
from . import Fix

_GOOGLE = "Cognito signs people in by Google as by any provider that speaks OpenID Connect"
_CHALLENGE = "a code that came of another provider is held to the challenge that the sign-in began with, too"

FIXES = [
    Fix(
        "the page of a pool is the emulator itself: nobody resolves the name that it would have on AWS",
        "services/cognito.py",
        '''    if pool.get("CustomDomain"):
        return f"https://{pool['CustomDomain']}"
''',
        '''    return ""
    if pool.get("CustomDomain"):
        return f"https://{pool['CustomDomain']}"
''',
    ),
    Fix(
        "Cognito adds Google's addresses to what it was told; here they are the local cloud's own",
        "services/cognito.py",
        '''        "ProviderDetails": data.get("ProviderDetails", {}),
        "AttributeMapping": data.get("AttributeMapping", {}),
''',
        f'''        "ProviderDetails": {{**({{
            "authorize_url": "{settings.GOOGLE_URL}/o/oauth2/v2/auth",
            "token_url": "{settings.GOOGLE_URL}/token",
            "token_request_method": "POST",
            "oidc_issuer": "{settings.GOOGLE_URL}",
        }} if provider_type == "Google" else {{}}), **data.get("ProviderDetails", {{}})}},
        "AttributeMapping": data.get("AttributeMapping", {{}}),
''',
    ),
    Fix(
        _GOOGLE,
        "services/cognito.py",
        '''    elif provider_type == "OIDC":
        # OIDC authorize redirect
''',
        '''    elif provider_type in ("OIDC", "Google"):
        # OIDC authorize redirect
''',
    ),
    Fix(
        _GOOGLE,
        "services/cognito.py",
        '''    if not provider or provider.get("ProviderType", "") != "OIDC":
        return error_response_json("ResourceNotFoundException",
                                   f"OIDC provider''',
        '''    if not provider or provider.get("ProviderType", "") not in ("OIDC", "Google"):
        return error_response_json("ResourceNotFoundException",
                                   f"OIDC provider''',
    ),
    Fix(
        _CHALLENGE,
        "services/cognito.py",
        '''    # Store relay context for the callback
    _cleanup_expired_relay_codes()
''',
        '''    code_challenge = _qp(query_params, "code_challenge")
    pkce_error = _pkce_error_redirect(redirect_uri, code_challenge, _qp(query_params, "code_challenge_method"), state)
    if pkce_error:
        return pkce_error
    # Store relay context for the callback
    _cleanup_expired_relay_codes()
''',
    ),
    Fix(
        _CHALLENGE,
        "services/cognito.py",
        '''        # Echoed in the ID token issued to the app, not forwarded to the IdP.
        "nonce": nonce,
''',
        '''        # Echoed in the ID token issued to the app, not forwarded to the IdP.
        "nonce": nonce,
        "code_challenge": code_challenge,
''',
    ),
    Fix(
        _CHALLENGE,
        "services/cognito.py",
        '''        "_oidc_access_token": access_token,  # kept for /oauth2/userInfo passthrough
''',
        '''        "_oidc_access_token": access_token,  # kept for /oauth2/userInfo passthrough
        "code_challenge": relay.get("code_challenge", ""),
''',
    ),
    Fix(
        _CHALLENGE,
        "services/cognito.py",
        '''            if redirect_uri and code_data["redirect_uri"] != redirect_uri:
                return _oauth2_error("invalid_grant", "redirect_uri mismatch.")

            pool_id = code_data["pool_id"]
''',
        '''            if redirect_uri and code_data["redirect_uri"] != redirect_uri:
                return _oauth2_error("invalid_grant", "redirect_uri mismatch.")
            challenge = code_data.get("code_challenge")
            if challenge and not _verify_pkce(code_verifier, challenge, "S256"):
                return _oauth2_error("invalid_grant", "PKCE verification failed.")

            pool_id = code_data["pool_id"]
''',
    ),
    Fix(
        "who gives up at the other provider comes back to the app with the reason, not to an error of Cognito's",
        "services/cognito.py",
        '''    if not code:
        logger.warning("Cognito OIDC callback: missing `code` query param")
''',
        '''    refused, given_up = _qp(query_params, "error"), _auth_codes.get(state) or {}
    if refused and given_up.get("type") == "relay":
        _auth_codes.pop(state, None)
        back = urlencode({"error": refused, "error_description": refused, "state": given_up.get("state", "")})
        return 302, {"Location": f"{given_up['redirect_uri']}?{back}", "Content-Type": "text/html"}, b""
    if not code:
        logger.warning("Cognito OIDC callback: missing `code` query param")
''',
    ),
]
