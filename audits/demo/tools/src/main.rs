//! Print the levels of a day.

fn main() {
    let rows: Vec<Vec<String>> =
        (0..24).map(|hour| vec![format!("{hour:02}:00"), format!("{:.2}", quay_tides::level(hour * 60))]).collect();
    print!("{}{}\n", quillcask::table(&rows), quay_tides::HighWater::GLYPH);
}
