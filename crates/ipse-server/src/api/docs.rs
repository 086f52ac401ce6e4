//! `/docs`: the API's description for people, drawn from `openapi.json` by our own small page, so that it works offline
//! and under the same content-security policy as every other page.

#![allow(clippy::indexing_slicing, reason = "indexing a JSON value gives null where there is nothing, never a panic")]

use crate::http::page::render;
use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// `GET /openapi.json`.
pub async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], super::openapi_json()).into_response()
}

#[derive(Template)]
#[template(path = "docs.html")]
struct Docs {
    description: String,
    groups: Vec<Group>,
    schemas: Vec<Schema>,
}

struct Group {
    name: String,
    operations: Vec<Operation>,
}

struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    description: String,
    parameters: Vec<Field>,
    body: String,
    answers: Vec<Field>,
}

struct Field {
    name: String,
    kind: String,
    about: String,
}

struct Schema {
    name: String,
    about: String,
    fields: Vec<Field>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A schema in a word: its name, its type, or what it lists.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return name.rsplit('/').next().unwrap_or_default().to_owned();
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        if let Some(options) = schema[key].as_array() {
            return options.iter().map(kind).filter(|kind| kind != "null").collect::<Vec<_>>().join(" or ");
        }
    }
    let named = match &schema["type"] {
        Value::String(name) => name.clone(),
        Value::Array(names) => names.iter().map(text).filter(|name| name != "null").collect::<Vec<_>>().join(" or "),
        _ => "any".to_owned(),
    };
    if named == "array" { format!("list of {}", kind(&schema["items"])) } else { named }
}

fn fields(object: &Value) -> Vec<Field> {
    let one = |(name, schema): (&String, &Value)| Field {
        name: name.clone(),
        kind: kind(schema),
        about: text(&schema["description"]),
    };
    object.as_object().map(|members| members.iter().map(one).collect()).unwrap_or_default()
}

fn operation(path: &str, method: &str, described: &Value) -> Operation {
    let parameters = described["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    let parameter = |parameter: &Value| Field {
        name: text(&parameter["name"]),
        kind: format!("{}, {}", text(&parameter["in"]), kind(&parameter["schema"])),
        about: text(&parameter["description"]),
    };
    let body = described["requestBody"]["content"].as_object().and_then(|content| content.values().next());
    let answers = described["responses"].as_object();
    let answer = |(status, answer): (&String, &Value)| Field {
        name: status.clone(),
        kind: answer["content"]["application/json"].get("schema").map(kind).unwrap_or_default(),
        about: text(&answer["description"]),
    };
    Operation {
        id: text(&described["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&described["summary"]),
        description: text(&described["description"]),
        parameters: parameters.iter().map(parameter).collect(),
        body: body.map(|content| kind(&content["schema"])).unwrap_or_default(),
        answers: answers.map(|answers| answers.iter().map(answer).collect()).unwrap_or_default(),
    }
}

/// `GET /docs`.
pub async fn docs() -> Response {
    let openapi = serde_json::to_value(super::routes().1).unwrap_or_default();
    let mut groups: Vec<Group> = Vec::new();
    for (path, methods) in openapi["paths"].as_object().into_iter().flatten() {
        for (method, described) in methods.as_object().into_iter().flatten() {
            let name = text(&described["tags"][0]);
            let operation = operation(path, method, described);
            match groups.iter_mut().find(|group| group.name == name) {
                Some(group) => group.operations.push(operation),
                None => groups.push(Group { name, operations: vec![operation] }),
            }
        }
    }
    let schemas = openapi["components"]["schemas"].as_object().into_iter().flatten();
    let schemas = schemas.map(|(name, schema)| Schema {
        name: name.clone(),
        about: text(&schema["description"]),
        fields: fields(&schema["properties"]),
    });
    render(&Docs { description: text(&openapi["info"]["description"]), groups, schemas: schemas.collect() })
}
