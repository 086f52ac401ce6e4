//! From a face to a template, and from two templates to how alike they are.

use super::Landmarks;
use super::align::aligned;
use super::engine::Engine;
use crate::document::image::Rgb;
use serde::{Deserialize, Serialize};

/// What is kept of a face for comparing it: numbers of one model, of length 1 together. It is biometric data: it has no
/// readable `Debug`, and is stored sealed or not at all.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Template {
    model: String,
    values: Vec<f32>,
}

/// The templates are of two models, so nothing can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelMismatch;

impl std::fmt::Display for ModelMismatch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the templates are of two models")
    }
}

impl std::error::Error for ModelMismatch {}

impl std::fmt::Debug for Template {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Template(…)")
    }
}

impl Template {
    /// The id of the model that made it.
    pub fn model(&self) -> &str {
        &self.model
    }

    fn new(model: String, mut values: Vec<f32>) -> Option<Self> {
        let length = values.iter().map(|value| value * value).sum::<f32>().sqrt();
        if !length.is_finite() || length < 1e-6 {
            return None;
        }
        for value in &mut values {
            *value /= length;
        }
        Some(Self { model, values })
    }
}

/// The template of a face with these landmarks; nothing without a model, or when the face cannot be cut out.
pub(super) fn template(engine: &Engine, picture: &Rgb, landmarks: &Landmarks) -> Option<Template> {
    let embedder = engine.embedder()?;
    let face = aligned(picture, landmarks, embedder.model.template.as_ref()?, embedder.model.size)?;
    let values = embedder.run(&face).ok()?.into_iter().next()?;
    Template::new(embedder.model.id(), values)
}

/// How alike two faces are: the cosine of the angle between their templates, −1 to 1.
///
/// # Errors
/// When the templates were made by different models.
pub fn compare(one: &Template, other: &Template) -> Result<f32, ModelMismatch> {
    if one.model != other.model || one.values.len() != other.values.len() {
        return Err(ModelMismatch);
    }
    Ok(one.values.iter().zip(&other.values).map(|(a, b)| a * b).sum::<f32>().clamp(-1.0, 1.0))
}
