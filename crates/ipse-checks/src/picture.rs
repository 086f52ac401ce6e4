//! One picture: what was asked for, what was found.

use ipse_core::document::{DocumentFacts, DocumentKind, Side};
use ipse_core::reason::Reason;
use serde::{Deserialize, Serialize};

/// What the person was asked to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Asked {
    /// A side of a document of the kind they chose.
    Document {
        /// The kind.
        kind: DocumentKind,
        /// The side.
        side: Side,
    },
    /// Their face.
    Selfie,
}

impl Asked {
    /// The name kept with the evidence.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Document { .. } => "document",
            Self::Selfie => "selfie",
        }
    }

    /// Which side, of a document.
    pub const fn side(&self) -> Option<Side> {
        match self {
            Self::Document { side, .. } => Some(*side),
            Self::Selfie => None,
        }
    }
}

/// What the engines found in one picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PictureFindings {
    /// What was asked for.
    pub asked: Asked,
    /// Width in pixels, upright.
    pub width: u32,
    /// Height in pixels, upright.
    pub height: u32,
    /// What to do better; empty for a good picture.
    pub hints: Vec<Reason>,
    /// What was read, if anything.
    pub facts: Option<DocumentFacts>,
}

impl PictureFindings {
    /// Findings of a picture in which nothing was found.
    pub const fn empty(asked: Asked) -> Self {
        Self { asked, width: 0, height: 0, hints: Vec::new(), facts: None }
    }
}
