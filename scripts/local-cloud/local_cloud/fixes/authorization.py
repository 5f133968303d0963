"""IAM: each call is checked against every resource it names, as on AWS (request_resources.py)."""

from . import Fix

FIXES = [
    Fix(
        'SimulatePrincipalPolicy knows no path in a role\'s ARN',
        'services/iam.py',
        '''            policies = _gather_role_policies(resource.split("/", 1)[1], account_id)''',
        '''            policies = _gather_role_policies(resource.rsplit("/", 1)[1], account_id)''',
    ),
    Fix(
        'SimulatePrincipalPolicy takes no context: every condition fails',
        'services/iam.py',
        '''    results = _build_simulate_results_real(actions, resource_arn, principal_arn,
                                           account_id, policies)
    return _xml(200, "SimulatePrincipalPolicyResponse",''',
        '''    context, at = {}, 1
    while key := _p(p, f"ContextEntries.member.{at}.ContextKeyName"):
        values, number = [], 1
        while value := _p(p, f"ContextEntries.member.{at}.ContextKeyValues.member.{number}"):
            values.append(value)
            number += 1
        kind = _p(p, f"ContextEntries.member.{at}.ContextKeyType")
        context[key.lower()] = values if kind.endswith("List") else "".join(values)
        at += 1
    results = _build_simulate_results_real(actions, resource_arn, principal_arn,
                                           account_id, policies, context)
    return _xml(200, "SimulatePrincipalPolicyResponse",''',
    ),
    Fix(
        'SimulatePrincipalPolicy takes no context: every condition fails',
        'services/iam.py',
        '''                                 account_id, policies):
    from ministack.core.iam_evaluator import EvalContext, evaluate''',
        '''                                 account_id, policies, context=None):
    from ministack.core.iam_evaluator import EvalContext, evaluate''',
    ),
    Fix(
        'SimulatePrincipalPolicy takes no context: every condition fails',
        'services/iam.py',
        '''                source_ip="127.0.0.1",
                secure_transport=False,
            )
            result = evaluate(ctx, policies)
            raw = result.decision''',
        '''                source_ip="127.0.0.1",
                secure_transport=False,
                service_context=context or {},
            )
            result = evaluate(ctx, policies)
            raw = result.decision''',
    ),
    Fix(
        'IAM checks every resource of a call, with its tags and paths, and the rights a call implies (CreateTags, PassRole)',
        'app.py',
        '''                for checked_arn, keys in (s3_access_point_resources(resource_arn) if service == "s3"
                                          else [(resource_arn, {})]):
                    denied = enforce(
                        access_key, iam_action, service, region,
                        resource_arn=checked_arn, service_context={**service_context, **keys},
                    )
                    if denied:
                        break
''',
        '''                from ministack.core.request_resources import request_checks

                checks = ([(iam_action, arn, keys) for arn, keys in s3_access_point_resources(resource_arn)] if service == "s3"
                          else request_checks(service, iam_action, resource_arn, routing_params, body, region, get_account_id()))
                # An EC2 call's tags belong to one kind of the resources it makes: request_checks says which.
                shared = ({name: value for name, value in service_context.items()
                           if not name.lower().startswith(("aws:requesttag", "aws:tagkeys"))}
                          if service == "ec2" and len(checks) > 1 else service_context)
                for checked_action, checked_arn, keys in checks:
                    denied = enforce(
                        access_key, checked_action, service, region,
                        resource_arn=checked_arn, service_context={**shared, **keys},
                    )
                    if denied:
                        if service != "s3":
                            iam_action, resource_arn = checked_action, checked_arn  # named in the answer
                        break
''',
    ),
    Fix(
        "aws:PrincipalArn of a role session is the role's ARN",
        'core/iam_evaluator.py',
        '''    if k == "aws:principalarn":
        return ctx.principal_arn
''',
        '''    if k == "aws:principalarn":
        # Of a role session this key is the role's ARN, not the session's.
        if ctx.principal_type == "AssumedRole":
            from ministack.services import iam as _iam_svc

            _role = _iam_svc._roles.get_scoped(ctx.principal_account, None, _role_name_from_assumed_arn(ctx.principal_arn))
            if _role:
                return _role["Arn"]
        return ctx.principal_arn
''',
    ),
    Fix(
        "what IAM decides about a role's calls is written down (recorded_calls.py)",
        'core/iam_evaluator.py',
        '''    result = evaluate(ctx, principal.policies, *principal.limits)
''',
        '''    result = evaluate(ctx, principal.policies, *principal.limits)
    statement = result.matched_sid
''',
    ),
    Fix(
        "what IAM decides about a role's calls is written down (recorded_calls.py)",
        'core/iam_evaluator.py',
        '''    if result.decision == "Allow":
        return None

    # Deny or ImplicitDeny
''',
        '''    from ministack.core.recorded_calls import record

    record(principal.arn, iam_action, resource_arn, statement, result.decision == "Allow")
    if result.decision == "Allow":
        return None

    # Deny or ImplicitDeny
''',
    ),
]
