//! Reading JSON, forms, queries and paths, so that what is wrong with them becomes a problem document and never a
//! repetition of what was sent.

use super::problem::Problem;
use axum::extract::rejection::{BytesRejection, FormRejection, JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// A JSON body.
pub struct Json<T>(pub T);
/// A form body.
pub struct Form<T>(pub T);
/// A query string.
pub struct Query<T>(pub T);
/// Path parameters.
pub struct Path<T>(pub T);
/// A body as it came, within the limit.
pub struct Raw(pub bytes::Bytes);

fn problem(status: StatusCode, what: &'static str) -> Problem {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(status, "too_large", "The body is larger than allowed."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Problem::new(status, "unsupported_media_type", "The content type is not the expected one.")
        }
        StatusCode::UNPROCESSABLE_ENTITY => Problem::new(status, "malformed_request", what),
        _ => Problem::malformed(what),
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(match &rejection {
                JsonRejection::JsonDataError(_) => problem(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "The body does not have the expected fields; compare it with /docs.",
                ),
                JsonRejection::JsonSyntaxError(_) => problem(StatusCode::BAD_REQUEST, "The body is not JSON."),
                other => problem(other.status(), "The body could not be read."),
            }),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        axum::Form::<T>::from_request(request, state).await.map(|axum::Form(value)| Self(value)).map_err(
            |rejection: FormRejection| problem(rejection.status(), "The form does not have the expected fields."),
        )
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        query.map(|query| Self(query.0)).map_err(|_: QueryRejection| {
            problem(StatusCode::BAD_REQUEST, "The query does not have the expected parameters.")
        })
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        // An id of another kind cannot exist here, so it is simply not found.
        path.map(|path| Self(path.0)).map_err(|_: PathRejection| {
            Problem::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address.")
        })
    }
}

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        bytes::Bytes::from_request(request, state)
            .await
            .map(Self)
            .map_err(|rejection: BytesRejection| problem(rejection.status(), "The body could not be read."))
    }
}
