"""CloudWatch, CloudFront, SES, API Gateway, the Lambda runtime and Cognito."""

from . import Fix

_POLICY = "what a password policy leaves out is not required: SDKs leave false out of their requests"

_PRICING = "there is no Price List API; pricing.py is one"

FIXES = [
    Fix(
        _PRICING,
        'app.py',
        '''    "budgets": {"module": "budgets"},
''',
        '''    "budgets": {"module": "budgets"},
    "pricing": {"module": "pricing"},
''',
    ),
    Fix(
        _PRICING,
        'core/router.py',
        '''    "budgets": {
        "target_prefixes": ["AWSBudgetServiceGateway"],
''',
        '''    "pricing": {
        "target_prefixes": ["AWSPriceListService"],
        "host_patterns": [r"pricing\\."],
        "credential_scope": "pricing",
    },
    "budgets": {
        "target_prefixes": ["AWSBudgetServiceGateway"],
''',
    ),
    Fix(
        _PRICING,
        'core/router.py',
        '''                "budgets": "budgets",
''',
        '''                "budgets": "budgets",
                "pricing": "pricing",
''',
    ),
    Fix(
        _PRICING,
        'core/iam_actions.py',
        '''    "budgets": "budgets",
''',
        '''    "budgets": "budgets",
    "pricing": "pricing",
''',
    ),
    Fix(
        "DescribeAlarms drops most of an alarm's fields",
        'services/cloudwatch.py',
        '''        + f"<StateReason>{a.get('StateReason','')}</StateReason>"
        f"</member>"
        for a in metric_alarms
    )
    comp_members''',
        '''        + _alarm_extra_xml(a)
        + f"<StateReason>{a.get('StateReason','')}</StateReason>"
        f"</member>"
        for a in metric_alarms
    )
    comp_members''',
    ),
    Fix(
        "DescribeAlarms drops most of an alarm's fields",
        'services/cloudwatch.py',
        '''def _describe_alarms(params, cbor_data, is_cbor, is_json=False):''',
        '''def _alarm_extra_xml(a):
    o = f"<ActionsEnabled>{str(bool(a.get('ActionsEnabled', True))).lower()}</ActionsEnabled>"
    for k in ("Statistic", "ExtendedStatistic", "Period", "Unit", "TreatMissingData", "AlarmDescription",
              "EvaluateLowSampleCountPercentile", "ThresholdMetricId"):
        if k == "Statistic" and a.get("ExtendedStatistic"): continue  # an alarm has one of the two
        if k in ("Statistic", "Period") and not a.get("MetricName"): continue  # an expression: each of its metrics has its own
        if a.get(k) not in (None, ""): o += f"<{k}>{a[k]}</{k}>"
    for k in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        o += f"<{k}>" + "".join(f"<member>{x}</member>" for x in a.get(k) or []) + f"</{k}>"
    d = a.get("Dimensions") or []
    if isinstance(d, dict): d = [{"Name": k, "Value": v} for k, v in d.items()]
    members = "".join(f"<member><Name>{x['Name']}</Name><Value>{x['Value']}</Value></member>" for x in d)
    return o + f"<Dimensions>{members}</Dimensions>"


def _describe_alarms(params, cbor_data, is_cbor, is_json=False):''',
    ),
    Fix(
        'an absent block of a response headers policy must stay absent',
        'services/cloudfront.py',
        '''    ch = SubElement(parent, "CustomHeadersConfig")
    SubElement(ch, "Quantity")''',
        '''    if not cfg["CustomHeaders"] and not cfg["RemoveHeaders"]:
        return
    ch = SubElement(parent, "CustomHeadersConfig")
    SubElement(ch, "Quantity")''',
    ),
    Fix(
        'an identity keeps its configuration set',
        'services/ses_v2.py',
        '''            "MailFromAttributes": {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"},
            "Tags": data.get("Tags", []),''',
        '''            "MailFromAttributes": {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"},
            **({"ConfigurationSetName": data["ConfigurationSetName"]} if data.get("ConfigurationSetName") else {}),
            "Tags": data.get("Tags", []),''',
    ),
    Fix(
        'mail-from and configuration set of an identity can be set',
        'services/ses_v2.py',
        '''    # GET /v2/email/identities/{identity}
    m = re.match(r"^/identities/(.+)$", sub)''',
        '''    m = re.match(r"^/identities/([^/]+)/(mail-from|configuration-set)$", sub)
    if m and method == "PUT" and m.group(1) in _identities:
        rec = _identities[m.group(1)]
        if m.group(2) == "mail-from":
            name = data.get("MailFromDomain")
            named = {"MailFromDomain": name, "MailFromDomainStatus": "SUCCESS"} if name else {}
            rec["MailFromAttributes"] = {"BehaviorOnMxFailure": data.get("BehaviorOnMxFailure") or "USE_DEFAULT_VALUE", **named}
        elif data.get("ConfigurationSetName"): rec["ConfigurationSetName"] = data["ConfigurationSetName"]
        else: rec.pop("ConfigurationSetName", None)
        return json_response({})
    # GET /v2/email/identities/{identity}
    m = re.match(r"^/identities/(.+)$", sub)''',
    ),
    Fix(
        'a JWT authorizer and that of a WebSocket have no payload version',
        'services/apigateway.py',
        '''"authorizerPayloadFormatVersion": data.get("authorizerPayloadFormatVersion", "2.0"),''',
        '''"authorizerPayloadFormatVersion": data.get(
            "authorizerPayloadFormatVersion",
            "" if data.get("authorizerType", "JWT") == "JWT" or _apis[api_id].get("protocolType") == "WEBSOCKET" else "2.0"),''',
    ),
    Fix(
        'only a JWT authorizer has a configuration of tokens',
        'services/apigateway.py',
        '''    _authorizers.setdefault(api_id, {})[auth_id] = authorizer
    return _apigw_response(authorizer, 201)''',
        '''    if authorizer["authorizerType"] != "JWT":
        del authorizer["jwtConfiguration"]
    _authorizers.setdefault(api_id, {})[auth_id] = authorizer
    return _apigw_response(authorizer, 201)''',
    ),
    Fix(
        'payload format 2.0 has cookies in a field of their own',
        'services/apigateway.py',
        '''    if req_body is not None:
        event["body"] = req_body
''',
        '''    if req_body is not None:
        event["body"] = req_body
    if event["headers"].get("cookie"):
        event["cookies"] = [part.strip() for part in event["headers"].pop("cookie").split(";")]
''',
    ),
    Fix(
        'there is no Service Quotas',
        'app.py',
        '''    "transcribe": {"module": "transcribe"},''',
        '''    "transcribe": {"module": "transcribe"},
    "servicequotas": {"module": "servicequotas"},''',
    ),
    Fix(
        'there is no Service Quotas',
        'core/router.py',
        '''    "transcribe": {
        "target_prefixes"''',
        '''    "servicequotas": {
        "target_prefixes": ["ServiceQuotasV20190624"],
        "host_patterns": [r"servicequotas\\."],
    },
    "transcribe": {
        "target_prefixes"''',
    ),
    Fix(
        'there is no Service Quotas',
        'core/iam_actions.py',
        '''    "transcribe": "transcribe",''',
        '''    "transcribe": "transcribe",
    "servicequotas": "servicequotas",''',
    ),
    Fix(
        "a function's layers are nowhere: they lie in /opt, in a mount namespace of its own",
        'core/lambda_runtime.py',
        '''                    self._proc = subprocess.Popen(
                        [bootstrap_path],
                        cwd=code_dir,''',
        '''                    from ministack.services.lambda_svc import _docker_extracted_dir, _resolve_layer_zip
                    blobs = [_resolve_layer_zip(layer) for layer in self.config.get("Layers") or []]
                    if not all(blobs):
                        raise ProvidedRuntimeError("A layer of this function has no content.", "Runtime.InvalidEntrypoint")
                    # The last layer wins; an overlay without an upper folder needs two lower ones.
                    lower = [_docker_extracted_dir(blob, "layer") for blob in reversed(blobs)] + [code_dir]
                    command = [bootstrap_path]
                    if blobs:
                        script = 'mount -t overlay overlay -o "lowerdir=$1" /opt && exec "$2"'
                        command = ["unshare", "--mount", "--", "sh", "-c", script, "sh", ":".join(lower), bootstrap_path]
                    self._proc = subprocess.Popen(
                        command,
                        cwd=code_dir,''',
    ),
    Fix(
        'head and body are two writes: Nagle and delayed ACK cost 40 to 90 ms per invocation of a Rust function',
        'core/lambda_runtime.py',
        '''        class RuntimeAPIHandler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
''',
        '''        class RuntimeAPIHandler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
''',
    ),
    Fix(
        _POLICY,
        "services/cognito.py",
        'if policy.get("RequireUppercase", True) and not any(',
        'if policy.get("RequireUppercase") and not any(',
    ),
    Fix(
        _POLICY,
        "services/cognito.py",
        'if policy.get("RequireLowercase", True) and not any(',
        'if policy.get("RequireLowercase") and not any(',
    ),
    Fix(
        _POLICY,
        "services/cognito.py",
        'if policy.get("RequireNumbers", True) and not any(',
        'if policy.get("RequireNumbers") and not any(',
    ),
    Fix(
        _POLICY,
        "services/cognito.py",
        'if policy.get("RequireSymbols", True) and not any(',
        'if policy.get("RequireSymbols") and not any(',
    ),
    Fix(
        "a client keeps its refresh token rotation",
        "services/cognito.py",
        '''        "AuthSessionValidity": data.get("AuthSessionValidity", 3),
    }
    pool["_clients"][cid] = client''',
        '''        "AuthSessionValidity": data.get("AuthSessionValidity", 3),
        "RefreshTokenRotation": data.get("RefreshTokenRotation"),
    }
    pool["_clients"][cid] = client''',
    ),
    Fix(
        "a client keeps its refresh token rotation",
        "services/cognito.py",
        '''        "EnablePropagateAdditionalUserContextData", "AuthSessionValidity",
    }''',
        '''        "EnablePropagateAdditionalUserContextData", "AuthSessionValidity", "RefreshTokenRotation",
    }''',
    ),
    Fix(
        "with rotation a refresh token is spent by its use, after the grace period, and the answer holds the next one",
        "services/cognito.py",
        '''    result, err = _refresh_auth_result(pool, pid, cid, refresh_token)
    if err:
        return err
    return json_response({"AuthenticationResult": result})


def _initiate_auth(data):''',
        '''    rotation = pool["_clients"][cid].get("RefreshTokenRotation") or {}
    rotates = rotation.get("Feature") == "ENABLED"
    spent = _spent_refresh_tokens.get(refresh_token)
    if rotates and spent is not None and time.time() > spent + rotation.get("RetryGracePeriodSeconds", 0):
        return error_response_json("RefreshTokenReuseException", "Refresh token has been used already", 400)
    result, err = _refresh_auth_result(pool, pid, cid, refresh_token)
    if err:
        return err
    if rotates:
        _spent_refresh_tokens.setdefault(refresh_token, time.time())
        claims = _token_claims(refresh_token)
        result["RefreshToken"] = _fake_token(claims["sub"], pid, cid, "refresh", origin_jti=claims.get("origin_jti", ""),
                                             scope=claims.get("scope"))
    return json_response({"AuthenticationResult": result})


_spent_refresh_tokens = {}


def _initiate_auth(data):''',
    ),
    Fix(
        "a domain's identity says how long its DKIM keys are, as Terraform asks",
        "services/ses_v2.py",
        '''        "SigningAttributesOrigin": "AWS_SES",
        "Status": "PENDING",''',
        '''        "SigningAttributesOrigin": "AWS_SES",
        "CurrentSigningKeyLength": signing_attributes.get("NextSigningKeyLength", "RSA_2048_BIT"),
        "NextSigningKeyLength": signing_attributes.get("NextSigningKeyLength", "RSA_2048_BIT"),
        "Status": "PENDING",''',
    ),
    Fix(
        "the ARN of a version names the version: without, Terraform publishes one more at each plan",
        'services/lambda_svc.py',
        '''        ver_config = copy.deepcopy(config)
        ver_config["Version"] = str(ver_num)
''',
        '''        ver_config = copy.deepcopy(config)
        ver_config["Version"] = str(ver_num)
        ver_config["FunctionArn"] = f"{_func_arn(name)}:{ver_num}"
''',
    ),
    Fix(
        "the ARN of a version names the version: without, Terraform publishes one more at each plan",
        'services/lambda_svc.py',
        '''        ver_config = copy.deepcopy(func["config"])
        ver_config["Version"] = str(ver_num)
''',
        '''        ver_config = copy.deepcopy(func["config"])
        ver_config["Version"] = str(ver_num)
        ver_config["FunctionArn"] = f"{_func_arn(name)}:{ver_num}"
''',
    ),
]
