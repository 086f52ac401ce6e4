//! The detection error trade-off as an SVG picture: both rates on logarithmic axes.

use ipse_checks::face::evaluation::{Comparisons, Operating};
use std::fmt::Write as _;

/// The picture, and the drawing inside of it.
const SIZE: (f64, f64) = (720.0, 560.0);
const LEFT: f64 = 90.0;
const TOP: f64 = 50.0;
const WIDTH: f64 = 590.0;
const HEIGHT: f64 = 420.0;

/// One rate's axis, from its smallest power of ten to 1.
struct Axis {
    decades: i32,
}

impl Axis {
    /// Down to less than one error in `n`.
    fn of(n: u64) -> Self {
        Self { decades: (n.max(1) as f64).log10().floor() as i32 + 1 }
    }

    /// How far along the axis a rate lies, 0–1; no errors at all lie at its beginning.
    fn at(&self, rate: f64) -> f64 {
        if rate <= 0.0 { 0.0 } else { (1.0 + rate.log10() / f64::from(self.decades)).max(0.0) }
    }

    fn ticks(&self) -> impl Iterator<Item = (f64, String)> {
        let label = |power: i32| match power {
            0 => "1".to_owned(),
            1..=3 => format!("{}", 10_f64.powi(-power)),
            _ => format!("1e-{power}"),
        };
        let decades = self.decades;
        (0..=decades).map(move |power| (1.0 - f64::from(power) / f64::from(decades), label(power)))
    }
}

/// Draws the curve, the shipped threshold, and below which rates nothing can be said.
pub(super) fn draw(comparisons: &Comparisons, shipped: Option<f32>) -> String {
    let (mated, non_mated) = comparisons.counts();
    let (across, up) = (Axis::of(non_mated), Axis::of(mated));
    let place = |at: &Operating| {
        let rate = |share: ipse_checks::face::evaluation::Proportion| share.rate().unwrap_or(0.0);
        (LEFT + WIDTH * across.at(rate(at.fmr)), TOP + HEIGHT * (1.0 - up.at(rate(at.fnmr))))
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"sans-serif\" font-size=\"13\" \
         role=\"img\">\n<title>Detection error trade-off</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"28\" font-size=\"16\">Detection error trade-off: {mated} mated, {non_mated} non-mated \
         comparisons</text>\n",
        SIZE.0, SIZE.1
    );
    let mut add = |line: std::fmt::Arguments<'_>| {
        // Writing into a string cannot fail.
        let _ = svg.write_fmt(line);
    };
    let (right, bottom) = (LEFT + WIDTH, TOP + HEIGHT);
    for (along, label) in across.ticks() {
        let x = LEFT + WIDTH * along;
        add(format_args!("<path d=\"M{x:.1} {TOP}V{bottom}\" stroke=\"#ddd\"/>\n"));
        add(format_args!("<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{label}</text>\n", bottom + 20.0));
    }
    for (along, label) in up.ticks() {
        let y = bottom - HEIGHT * along;
        add(format_args!("<path d=\"M{LEFT} {y:.1}H{right}\" stroke=\"#ddd\"/>\n"));
        add(format_args!("<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>\n", LEFT - 8.0, y + 4.0));
    }
    let limit = |n: u64| 3.0 / n.max(3) as f64;
    let (x, y) = (LEFT + WIDTH * across.at(limit(non_mated)), bottom - HEIGHT * up.at(limit(mated)));
    add(format_args!(
        "<path d=\"M{x:.1} {TOP}V{bottom}M{LEFT} {y:.1}H{right}\" stroke=\"#a60\" stroke-dasharray=\"5 4\"/>\n\
         <text x=\"{:.1}\" y=\"{:.1}\" fill=\"#a60\" stroke=\"#fff\" stroke-width=\"4\" paint-order=\"stroke\" text-anchor=\"end\">dashed: 3/n, the least rate that so many comparisons \
         can show</text>\n",
        right - 6.0,
        TOP + 18.0
    ));
    add(format_args!(
        "<rect x=\"{LEFT}\" y=\"{TOP}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"none\" stroke=\"#444\"/>\n"
    ));
    let mut line = String::new();
    let mut last = (f64::NAN, f64::NAN);
    for (x, y) in comparisons.trade_off().iter().map(place) {
        // Points that cannot be told apart are one.
        if (x - last.0).abs() < 0.2 && (y - last.1).abs() < 0.2 {
            continue;
        }
        // A step, as rates of counted errors are.
        let step = if line.is_empty() { format!("M{x:.1} {y:.1}") } else { format!("V{y:.1}H{x:.1}") };
        line += &step;
        last = (x, y);
    }
    add(format_args!("<path d=\"{line}\" fill=\"none\" stroke=\"#0b57d0\" stroke-width=\"2\"/>\n"));
    if let Some(threshold) = shipped {
        let (x, y) = place(&comparisons.at(threshold));
        // Beside the point, on the side where there is room.
        let (anchor, beside) = if x > LEFT + WIDTH / 2.0 { ("end", -9.0) } else { ("start", 9.0) };
        add(format_args!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"#b3261e\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" fill=\"#b3261e\" text-anchor=\"{anchor}\">threshold {threshold}</text>\n",
            x + beside,
            y - 8.0
        ));
    }
    add(format_args!(
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">false match rate; the left edge is none</text>\n\
         <text transform=\"translate(28 {:.1}) rotate(-90)\" text-anchor=\"middle\">false non-match rate; the lower edge is \
         none</text>\n</svg>\n",
        LEFT + WIDTH / 2.0,
        bottom + 48.0,
        TOP + HEIGHT / 2.0
    ));
    svg
}
