//! What the spectator sees: progress and a live board in a terminal, calm lines anywhere else.

use super::board::Standing;
use chrono::NaiveTime;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal, Write};

#[derive(Debug)]
pub struct Show {
    /// None: no terminal.
    bars: Option<MultiProgress>,
    board: Vec<ProgressBar>,
}

impl Show {
    pub fn new() -> Self {
        let bars = io::stdout().is_terminal().then(|| MultiProgress::with_draw_target(ProgressDrawTarget::stdout()));
        Self { bars, board: Vec::new() }
    }

    pub fn line(&self, text: &str) {
        match &self.bars {
            // An empty message would print nothing at all.
            Some(bars) => drop(bars.println(if text.is_empty() { " " } else { text })),
            // Whoever reads along may have seen enough.
            None => drop(writeln!(io::stdout(), "{text}")),
        }
    }

    pub fn lines(&self, text: &str) {
        text.lines().for_each(|line| self.line(line));
    }

    /// A bar while something takes its time; elsewhere nothing, the line that follows it tells.
    pub fn progress(&self, what: &str, total: u64) -> ProgressBar {
        let Some(bars) = &self.bars else { return ProgressBar::hidden() };
        let bar = bars.add(ProgressBar::new(total));
        if let Ok(style) = ProgressStyle::with_template("  {msg:30} {bar:30} {pos}/{len}") {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        bar
    }

    /// Draws the board of all schools anew, in a terminal.
    pub fn draw(&mut self, time: NaiveTime, schools: &[Standing]) {
        let Some(bars) = &self.bars else { return };
        while self.board.len() < schools.len() + 2 {
            let bar = bars.add(ProgressBar::new_spinner());
            if let Ok(style) = ProgressStyle::with_template("{msg}") {
                bar.set_style(style);
            }
            self.board.push(bar);
        }
        let texts = [format!("{}", time.format("── %H:%M ──")), Standing::HEADING.to_owned()];
        let rows = texts.into_iter().chain(schools.iter().map(Standing::to_string));
        for (bar, text) in self.board.iter().zip(rows) {
            bar.set_message(text);
            bar.tick();
        }
    }

    /// The live board goes; what follows is printed once and stays.
    pub fn end_board(&mut self) {
        for bar in self.board.drain(..) {
            bar.finish_and_clear();
        }
    }

    pub fn board(&self, schools: &[Standing]) {
        self.line(Standing::HEADING);
        for school in schools {
            self.line(&school.to_string());
        }
    }
}
