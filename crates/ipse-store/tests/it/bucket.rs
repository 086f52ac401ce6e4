//! Pictures in a bucket, against a server that speaks as much of S3's protocol as Ipse needs.

use crate::at;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use ipse_core::id::{EvidenceId, OrganizationId, VerificationId};
use ipse_store::seal::Keyring;
use ipse_store::{Address, Blobs, Error, Store};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

type Objects = Arc<Mutex<BTreeMap<String, Bytes>>>;

fn signed(headers: &HeaderMap) -> bool {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    authorization.starts_with("AWS4-HMAC-SHA256 Credential=key/")
}

async fn put(State(objects): State<Objects>, Path(key): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    if !signed(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    objects.lock().unwrap().insert(key, body);
    [(header::ETAG, "\"1\"")].into_response()
}

async fn fetch(State(objects): State<Objects>, Path(key): Path<String>, headers: HeaderMap) -> Response {
    if !signed(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let found = objects.lock().unwrap().get(&key).cloned();
    let modified = (header::LAST_MODIFIED, "Sat, 21 Nov 2026 00:00:00 GMT");
    found.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |bytes| ([(header::ETAG, "\"1\""), modified], bytes).into_response(),
    )
}

/// Objects are deleted by a list of their keys.
async fn delete(State(objects): State<Objects>, body: String) -> Response {
    let named = body.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next());
    let deleted = named.map(|key| {
        objects.lock().unwrap().remove(key);
        format!("<Deleted><Key>{key}</Key></Deleted>")
    });
    let body = format!("<DeleteResult>{}</DeleteResult>", deleted.collect::<String>());
    ([(header::CONTENT_TYPE, "application/xml")], body).into_response()
}

async fn list(State(objects): State<Objects>, Query(query): Query<HashMap<String, String>>) -> Response {
    let prefix = query.get("prefix").cloned().unwrap_or_default();
    let keys: Vec<String> = objects.lock().unwrap().keys().filter(|key| key.starts_with(&prefix)).cloned().collect();
    let contents = keys.iter().map(|key| {
        format!(
            "<Contents><Key>{key}</Key><Size>1</Size><ETag>1</ETag><LastModified>2026-11-21T00:00:00.000Z</LastModified></Contents>"
        )
    });
    let body = format!("<ListBucketResult>{}</ListBucketResult>", contents.collect::<String>());
    ([(header::CONTENT_TYPE, "application/xml")], body).into_response()
}

async fn bucket() -> (String, Objects) {
    let objects = Objects::default();
    let routes = Router::new()
        .route("/pictures", get(list).post(delete))
        .route("/pictures/{*key}", get(fetch).put(put))
        .with_state(objects.clone());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (format!("http://{address}"), objects)
}

async fn store(endpoint: &str, key: &str) -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::bucket(endpoint, "eu-west-1", "pictures", key, "secret").unwrap();
    let address = Address::Sqlite(folder.path().join("ipse.sqlite"));
    (Store::open(&address, blobs, Keyring::generate("k1").unwrap()).await.unwrap(), folder)
}

#[tokio::test]
async fn pictures_go_to_a_bucket_and_leave_it_whole() {
    let (endpoint, objects) = bucket().await;
    let (store, _folder) = store(&endpoint, "key").await;
    store.blobs().probe().await.unwrap();
    let ours = OrganizationId::new(at(0), [1; 10]);
    let (mine, other) = (VerificationId::new(at(0), [2; 10]), VerificationId::new(at(0), [3; 10]));
    for (of, number) in [(&mine, 1), (&mine, 2), (&other, 3)] {
        store.put_evidence(&ours, of, &EvidenceId::new(at(0), [number; 10]), vec![number; 9]).await.unwrap();
    }
    let first = EvidenceId::new(at(0), [1; 10]);
    assert_eq!(store.get_evidence(&ours, &mine, &first).await.unwrap().as_ref(), [1; 9]);
    assert!(matches!(store.get_evidence(&ours, &other, &first).await, Err(Error::Forgotten)));
    store.remove_evidence(&ours, &mine).await.unwrap();
    let left: Vec<String> = objects.lock().unwrap().keys().cloned().collect();
    assert_eq!(left, [format!("{ours}/{other}/{}", EvidenceId::new(at(0), [3; 10]))]);
}

#[tokio::test]
async fn a_bucket_that_refuses_is_an_error_and_not_an_empty_answer() {
    let (endpoint, _) = bucket().await;
    let (store, _folder) = store(&endpoint, "somebody-else").await;
    let (ours, mine) = (OrganizationId::new(at(0), [1; 10]), VerificationId::new(at(0), [2; 10]));
    let id = EvidenceId::new(at(0), [1; 10]);
    assert!(matches!(store.put_evidence(&ours, &mine, &id, vec![1]).await, Err(Error::Blob(_))));
    assert!(matches!(store.get_evidence(&ours, &mine, &id).await, Err(Error::Blob(_))));
}
