//! What holds for every route of a kind, written into the document once: ids, errors, headers, and what follows from an answer.

use serde_json::{Map, Value, json};

/// Completes the document.
pub(super) fn complete(document: &mut Value) -> Result<(), serde_json::Error> {
    let schemas = &mut document["components"]["schemas"];
    plan_schemas(schemas)?;
    schemas["GatewayError"] = json!({"type": "object", "description": "What the gateway itself answers.", "required": ["message"],
        "properties": {"message": {"type": "string"}}});
    for (path, methods) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in methods.as_object_mut().into_iter().flatten() {
            parameters(path, method, operation);
            responses(method, operation);
        }
    }
    for (operation, link) in LINKS {
        let Some(found) = find(document, operation) else { continue };
        for status in ["200", "201", "202"] {
            if let Some(response) = found["responses"].get_mut(status) {
                for (target, parameter, pointer) in link {
                    response["links"][*target] =
                        json!({"operationId": target, "parameters": {*parameter: format!("$response.body#{pointer}")}});
                }
            }
        }
    }
    Ok(())
}

type Link = [(&'static str, &'static str, &'static str)];

/// Which operations an answer leads to, and where in it the id is.
const LINKS: [(&str, &Link); 3] = [
    (
        "account-create",
        &[
            ("account-get", "account_id", "/id"),
            ("account-verify", "account_id", "/id"),
            ("account-reconcile", "account_id", "/id"),
            ("account-delete", "account_id", "/id"),
            ("audit-list", "subject", "/id"),
        ],
    ),
    (
        "plan-create",
        &[
            ("plan-get", "plan_id", "/id"),
            ("plan-export", "plan_id", "/id"),
            ("plan-preview", "plan_id", "/id"),
            ("plan-update", "plan_id", "/id"),
            ("plan-deploy", "plan_id", "/id"),
            ("plan-delete", "plan_id", "/id"),
            ("audit-list", "subject", "/id"),
        ],
    ),
    (
        "plan-deploy",
        &[
            ("deployment-get", "deployment_id", "/id"),
            ("deployment-events", "deployment_id", "/id"),
            ("deployment-cancel", "deployment_id", "/id"),
            ("deployment-delete", "deployment_id", "/id"),
            ("deployment-undelete", "deployment_id", "/id"),
            ("audit-list", "subject", "/id"),
        ],
    ),
];

fn find<'a>(document: &'a mut Value, id: &str) -> Option<&'a mut Value> {
    let methods = document["paths"].as_object_mut()?.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    methods.into_iter().find(|operation| operation["operationId"] == id)
}

/// cs-json as `domain` describes it, and the short form beside it.
fn plan_schemas(schemas: &mut Value) -> Result<(), serde_json::Error> {
    let text = domain::plan::SCHEMA.replace("#/$defs/", "#/components/schemas/Cs");
    let mut full: Value = serde_json::from_str(&text)?;
    let defs = full["$defs"].take();
    let full_object = full.as_object_mut();
    if let Some(object) = full_object {
        object.retain(|key, _| !key.starts_with('$'));
    }
    for (name, schema) in defs.as_object().into_iter().flatten() {
        schemas[format!("Cs{name}")] = schema.clone();
    }
    let part = |name: &str| schemas["Cspostgres"]["properties"][name].clone();
    let (mut os, mut hardware, mut db) = (part("os"), part("hardware"), part("db"));
    let (backup, network, protect) = (part("backup"), part("network"), part("protect"));
    db["properties"]["backup"] = backup;
    // What the full form may leave out as null, the short form must say.
    for needed in [&mut hardware, &mut db] {
        needed["type"] = json!("object");
    }
    if let Some(forms) = os["oneOf"].as_array_mut() {
        forms.retain(|form| form["type"] != "null");
    }
    schemas["ShortPlan"] = json!({"type": "object", "description": "A plan in few words; defaults fill the rest.",
        "additionalProperties": false, "required": ["os", "hardware", "db"], "properties": {"name": full["properties"]["name"], "cloud": full["properties"]["cloud"], "os": os, "hardware": hardware,
            "db": db, "network": network, "protect": protect},
        "examples": [{"os": "linux", "hardware": {"instance_type": "t3.medium", "storage": "ssd", "ami": "myami"},
            "db": {"flavor": "pg", "version": "15", "backup": "needed"}}]});
    full["examples"] = json!([{"schema": "cs-json/1", "name": "shop", "cloud": {"provider": "aws", "region": "ca-central-1"},
        "components": [{"id": "db", "kind": "postgres", "os": {"family": "debian", "version": "13"},
            "hardware": {"cpu": 2, "memory_gib": 4, "disk": {"kind": "ssd", "size_gib": 20}},
            "db": {"flavor": "pg", "version": "17", "name": "shop", "workload": "web", "max_connections": 200, "topology": {"kind": "single"}},
            "backup": {"schedule": "0 3 * * *", "retention_days": 14, "restore_test": "weekly"},
            "network": {"allow": ["203.0.113.0/24"], "endpoint": "private", "public": false}, "protect": true}],
        "links": []}]);
    schemas["FullPlan"] = full;
    // A plan is answered complete.
    schemas["Plan"]["properties"]["plan"] = json!({"$ref": "#/components/schemas/FullPlan"});
    for (name, page) in schemas.as_object_mut().into_iter().flatten() {
        if let Some(item) = name.strip_prefix("Page_") {
            page["properties"]["items"]["items"] = json!({"$ref": format!("#/components/schemas/{item}")});
        }
    }
    Ok(())
}

fn id_pattern(prefix: &str) -> Value {
    json!({"type": "string", "pattern": format!("^{prefix}_[0-9a-f]{{32}}$")})
}

/// Whether the operation takes an `Idempotency-Key`: a POST does, unless it shows a secret, of which no answer is kept.
fn repeatable(method: &str, operation: &Value) -> bool {
    let shows_secret = ["deployment-connection-reveal", "account-quick-create", "socket-ticket"];
    method == "post" && !shows_secret.iter().any(|id| operation["operationId"] == *id)
}

fn parameters(path: &str, method: &str, operation: &mut Value) {
    if matches!(operation["operationId"].as_str(), Some("plan-create" | "plan-update")) {
        let either = json!({"anyOf": [{"$ref": "#/components/schemas/ShortPlan"}, {"$ref": "#/components/schemas/FullPlan"}]});
        operation["requestBody"]["content"]["application/json"] = json!({"schema": either});
    }
    let mut all = operation["parameters"].as_array().cloned().unwrap_or_default();
    for parameter in &mut all {
        let schema = match parameter["name"].as_str() {
            Some("plan_id") => id_pattern("plan"),
            Some("account_id") => id_pattern("acct"),
            Some("deployment_id") => id_pattern("dep"),
            Some("cursor") if path == "/v1/plan" => id_pattern("plan"),
            Some("cursor") if path == "/v1/account" => id_pattern("acct"),
            Some("cursor") if path == "/v1/deployment" => id_pattern("dep"),
            Some("cursor") if path == "/v1/audit" => json!({"type": "string", "pattern": "^[1-9][0-9]{0,17}$"}),
            Some("cursor") => id_pattern("evt"),
            Some("subject") => json!({"type": "string", "pattern": "^(acct|plan|dep)_[0-9a-f]{32}$"}),
            Some("provider") => json!({"enum": ["aws", "azure", "gcp"], "default": "aws"}),
            Some("region") => json!({"type": "string", "pattern": "^[a-z][a-z0-9-]{2,39}$"}),
            Some("to") => json!({"type": "string", "enum": ["terraform"]}),
            Some("limit") => json!({"type": "integer", "minimum": 1, "maximum": 100, "default": 20}),
            Some("If-Match") => json!({"type": "string", "pattern": "^\"[1-9][0-9]{0,17}\"$"}),
            _ => continue,
        };
        parameter["schema"] = schema;
    }
    if repeatable(method, operation) {
        all.push(json!({"name": "Idempotency-Key", "in": "header", "required": false,
            "description": "The same key and body within 24 hours get the same answer, and are carried out once.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}}));
    }
    if !all.is_empty() {
        operation["parameters"] = json!(all);
    }
}

fn responses(method: &str, operation: &mut Value) {
    let static_file = operation["tags"][0] == "document";
    let signed_in = operation["security"][0].get("bearer").is_some();
    let repeatable = repeatable(method, operation);
    let has_body = operation.get("requestBody").is_some();
    let mut add = |status: &str, description: &str| {
        if operation["responses"].get(status).is_none() {
            operation["responses"][status] = json!({"description": description});
        }
    };
    if signed_in {
        add("429", "You ask too often; Retry-After says when there is room");
    }
    if has_body {
        add("400", "A field is wrong");
        add("413", "The body is too large");
    }
    if repeatable {
        add("400", "A field is wrong");
        add("409", "The same request is being carried out");
        add("422", "The Idempotency-Key belongs to another request");
    }
    if !static_file {
        add("503", "Something we need is not there for a while; Retry-After says when to come back");
    }
    let versioned = matches!(operation["operationId"].as_str(), Some("plan-create" | "plan-get" | "plan-update"));
    for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        response["headers"]["x-request-id"] = json!({"description": "Names the request in our logs.", "schema": {"type": "string"}});
        if status.starts_with(['4', '5']) {
            response["content"] = json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}});
            if status == "401" && signed_in {
                response["content"]["application/json"] = json!({"schema": {"$ref": "#/components/schemas/GatewayError"}});
                // The gateway answers before a request has our id.
                response["headers"] = json!({});
            }
        } else if versioned {
            response["headers"]["etag"] = json!({"description": "The version for If-Match.", "schema": {"type": "string"}});
        }
    }
}
