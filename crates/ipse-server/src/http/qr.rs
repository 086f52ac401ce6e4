//! Links as codes that a phone scans.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use qrcode::QrCode;
use qrcode::render::svg;

/// A code as an SVG image of at least 240 units; nothing where the link is too long for one.
pub fn drawn(link: &str) -> Option<String> {
    let code = QrCode::new(link).ok()?;
    Some(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
}

/// The same as an answer.
pub fn image(link: &str) -> Response {
    match drawn(link) {
        Some(drawn) => ([(header::CONTENT_TYPE, "image/svg+xml")], drawn).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
