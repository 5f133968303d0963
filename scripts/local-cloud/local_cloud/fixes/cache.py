"""ElastiCache: how its users sign in."""

from . import Fix

FIXES = [
    Fix(
        "a user that signs in by IAM is not one without a password",
        "services/elasticache.py",
        """else {"Type": "no-password", "PasswordCount": 0},
        "ARN": arn,""",
        """else {"Type": "iam" if _p(p, "AuthenticationMode.Type") == "iam" else "no-password", "PasswordCount": 0},
        "ARN": arn,""",
    ),
    Fix(
        "a user that signs in by IAM is named as its id",
        "services/elasticache.py",
        """    user_id = _p(p, "UserId")
    if not user_id:""",
        """    user_id = _p(p, "UserId")
    if _p(p, "AuthenticationMode.Type") == "iam" and _p(p, "UserName") != user_id:
        return _error("InvalidParameterValue", "The user name of a user that signs in by IAM must be its id", 400)
    if not user_id:""",
    ),
]
