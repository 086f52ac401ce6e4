//! The REST API and its description.

pub mod docs;
pub mod entra;
pub mod recovery;
pub mod token;
pub mod v1;

use crate::http::problem::Problem;
use crate::state::Shared;
use utoipa::openapi::security::{ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Ipse",
        description = "Proves that a person is who they say they are, and hands the answer on.\n\nErrors are RFC 9457 problem documents with a stable `code`. Lists are cursor-paged, newest first. POST requests that create take an `Idempotency-Key`. Answers carry `X-Request-Id` and `RateLimit` headers.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(Problem)),
    modifiers(&Security),
    security(("api_key" = []), ("oauth2" = []))
)]
struct Description;

struct Security;

impl Modify for Security {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let Some(components) = openapi.components.as_mut() else { return };
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("ipse_sk_…").build();
        components.add_security_scheme("api_key", SecurityScheme::Http(bearer));
        let flow =
            ClientCredentials::new("/oauth2/token", Scopes::from_iter([("openid", "Everything the key may do")]));
        components.add_security_scheme("oauth2", SecurityScheme::OAuth2(OAuth2::new([Flow::ClientCredentials(flow)])));
    }
}

/// The routes and their description, made together so that neither can forget the other.
pub fn routes() -> (axum::Router<Shared>, utoipa::openapi::OpenApi) {
    let (router, mut openapi) = OpenApiRouter::with_openapi(Description::openapi())
        .nest("/v1", v1::routes())
        .routes(utoipa_axum::routes!(token::token))
        .split_for_parts();
    // Versioned by path; the crate's version would make every release change the file.
    openapi.info.version = "1".to_owned();
    (router, openapi)
}

/// `openapi.json`, as it is checked in.
pub fn openapi_json() -> String {
    let mut text = routes().1.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}
