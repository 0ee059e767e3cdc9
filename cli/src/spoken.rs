//! The command line's own form, in the person's language: what clap would say in English of help and of what is mistyped.

use crate::{
    args::{Cli, ColorWhen},
    exit::Exit,
    output::{Out, complain},
    session::terminals,
};
use clap::{
    Arg, ArgAction, Command, CommandFactory, FromArgMatches,
    error::{ContextKind, ContextValue, ErrorKind},
};
use serde_json::json;
use skolebro_core::{
    device::{Remembered, text::Texts},
    domain::people::Language,
    say,
};
use std::{error::Error, ffi::OsString, path::Path};

/// What was typed does not become a command; or help was asked for.
#[derive(Debug)]
pub struct Told {
    pub text: String,
    pub is_help: bool,
    pub json: bool,
}

impl Told {
    /// On standard output what was asked for, on standard error what is wrong; or as a value for scripts.
    pub fn tell(self) -> Exit {
        // Help is no screen: there is no value of it.
        let mut out = Out::new(self.json && !self.is_help, ColorWhen::Never);
        if self.is_help {
            out.verbatim(&self.text);
        } else if self.json {
            out.set(json!({ "error": { "code": "usage", "text": self.text.trim() } }));
        } else {
            complain(self.text.trim_end());
        }
        let exit = if self.is_help { Exit::Done } else { Exit::Usage };
        out.finish();
        exit
    }
}

/// # Errors
/// In words: help or the version, or what cannot be understood.
pub fn parse(words: Vec<OsString>) -> Result<Cli, Told> {
    let texts = language_of(&words);
    let json = words.iter().any(|word| word == "--json");
    let read =
        localized(Cli::command(), texts).try_get_matches_from(words).and_then(|found| Cli::from_arg_matches(&found));
    read.map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            Told { text: brackets(&error.to_string(), texts), is_help: true, json }
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Told { text: brackets(&error.to_string(), texts), is_help: false, json }
        }
        _ => Told { text: misread(&error, texts), is_help: false, json },
    })
}

/// The language asked for, or the one that the phone last spoke: whatever else is wrong with the command line.
fn language_of(words: &[OsString]) -> Texts {
    let values = |option: &str| {
        let mut words = words.iter().filter_map(|word| word.to_str());
        let mut found = Vec::new();
        while let Some(word) = words.next() {
            if word == option {
                found.extend(words.next());
            } else if let Some(value) = word.strip_prefix(option).and_then(|rest| rest.strip_prefix('=')) {
                found.push(value);
            }
        }
        found
    };
    let asked = values("--lang").into_iter().find_map(Language::from_tag);
    let named = values("--phone").last().map(|folder| (*folder).to_owned());
    let folder = named.or_else(|| std::env::var("SKOLEBRO_PHONE").ok());
    terminals(asked.or_else(|| Remembered::of(Path::new(&folder?)).language))
}

/// Headings, usage and the exit codes in the language; what each option does is said in English. What holds for all commands
/// stands under a heading of its own.
fn localized(command: Command, texts: Texts) -> Command {
    let everywhere = for_good(say!(texts, "cli-help-everywhere"));
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .global(true)
        .action(ArgAction::Help)
        .help_heading(everywhere)
        .help(say!(texts, "cli-help-help"));
    let version = Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version)
        .help_heading(everywhere)
        .help(say!(texts, "cli-help-version"));
    let command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(|arg| if arg.is_global_set() { arg.help_heading(everywhere) } else { arg });
    headed(command, texts)
        .args([help, version])
        .after_help(exit_codes(texts))
        .mut_subcommands(|sub| headed(sub, texts).disable_help_flag(true))
}

fn headed(command: Command, texts: Texts) -> Command {
    let usage = say!(texts, "cli-help-usage");
    let (words, options) = (for_good(say!(texts, "cli-help-words")), for_good(say!(texts, "cli-help-options")));
    command
        .help_template(format!("{{about-with-newline}}\n{usage} {{usage}}\n\n{{all-args}}{{after-help}}"))
        .subcommand_help_heading(for_good(say!(texts, "cli-help-commands")))
        .subcommand_value_name(for_good(say!(texts, "cli-help-command")))
        .mut_args(|arg| {
            let heading = if arg.is_positional() { words } else { options };
            if arg.get_help_heading().is_some() { arg } else { arg.help_heading(heading) }
        })
}

/// What clap keeps, it keeps for as long as the process lives; it is asked for once.
fn for_good(text: String) -> &'static str {
    text.leak()
}

fn exit_codes(texts: Texts) -> String {
    let codes = ["cli-exit-0", "cli-exit-1", "cli-exit-2", "cli-exit-3", "cli-exit-4", "cli-exit-5"];
    let lines: Vec<String> =
        codes.iter().zip(0..).map(|(key, code)| format!("  {code}  {}", texts.text(key, &[]))).collect();
    let (heading, days) = (say!(texts, "cli-help-exit-codes"), say!(texts, "cli-such-as-day"));
    format!("{heading}:\n{}\n\n{}", lines.join("\n"), texts.sentence(&days))
}

/// The few English words that clap writes into help and usage by itself.
fn brackets(text: &str, texts: Texts) -> String {
    text.replace("[OPTIONS]", &format!("[{}]", say!(texts, "cli-help-option")))
        .replace("[default: ", &format!("[{}: ", say!(texts, "cli-help-default")))
        .replace("[possible values: ", &format!("[{}: ", say!(texts, "cli-help-values")))
        .replace("Possible values:", &format!("{}:", texts.sentence(&say!(texts, "cli-help-values"))))
        .replace("[env: ", &format!("[{}: ", say!(texts, "cli-help-env")))
}

/// What is wrong, with what, and what to do.
fn misread(error: &clap::Error, texts: Texts) -> String {
    let one = |kind| error.get(kind).map(shown).unwrap_or_default();
    let (arg, value) = (one(ContextKind::InvalidArg), one(ContextKind::InvalidValue));
    let mut told = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => say!(texts, "cli-misread-no-value", option = arg),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            say!(texts, "cli-misread-value", value = texts.quoted(&value), option = arg)
        }
        ErrorKind::UnknownArgument => say!(texts, "cli-misread-unknown", option = texts.quoted(&arg)),
        ErrorKind::InvalidSubcommand => {
            say!(texts, "cli-misread-unknown", option = texts.quoted(&one(ContextKind::InvalidSubcommand)))
        }
        ErrorKind::ArgumentConflict if arg == one(ContextKind::PriorArg) => {
            say!(texts, "cli-misread-twice", option = arg)
        }
        ErrorKind::ArgumentConflict => {
            say!(texts, "cli-misread-conflict", option = arg, other = one(ContextKind::PriorArg))
        }
        ErrorKind::MissingRequiredArgument => say!(texts, "cli-misread-missing", options = arg),
        ErrorKind::MissingSubcommand => say!(texts, "cli-misread-which-command"),
        ErrorKind::NoEquals | ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            say!(texts, "cli-misread-how-many", option = arg)
        }
        _ => say!(texts, "cli-misread-other"),
    };
    let choices = one(ContextKind::ValidValue);
    if !choices.is_empty() {
        told = format!("{told} {}", say!(texts, "cli-misread-choices", choices = choices));
    }
    if let Some(why) = error.source() {
        told = format!("{told} {}", texts.sentence(&why_not(&why.to_string(), texts)));
    }
    let nearest = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let nearest: Vec<String> = nearest.into_iter().map(one).filter(|near| !near.is_empty()).collect();
    if let [_, ..] = nearest.as_slice() {
        told = format!("{told} {}", say!(texts, "cli-misread-nearest", nearest = nearest.join(", ")));
    }
    let usage = one(ContextKind::Usage);
    if let Some(usage) = usage.trim().strip_prefix("Usage:") {
        let usage = brackets(usage.trim(), texts);
        told = format!("{told}\n\n{} {usage}", say!(texts, "cli-help-usage"));
    }
    format!("{told}\n\n{}\n", say!(texts, "cli-misread-help", option = "--help"))
}

/// The words of a value that could not be read: its reader gives their key.
fn why_not(why: &str, texts: Texts) -> String {
    match why {
        "cli-such-as-day" => say!(texts, "cli-such-as-day"),
        "cli-such-as-time" => say!(texts, "cli-such-as-time"),
        "cli-such-as-part" => say!(texts, "cli-such-as-part"),
        "cli-such-as-part-order" => say!(texts, "cli-such-as-part-order"),
        "cli-such-as-name-at" => say!(texts, "cli-such-as-name-at"),
        "cli-such-as-line" => say!(texts, "cli-such-as-line"),
        "cli-such-as-language" => say!(texts, "cli-such-as-language"),
        "cli-such-as-seconds" => say!(texts, "cli-such-as-seconds"),
        "cli-such-as-reached" => say!(texts, "cli-such-as-reached"),
        "cli-such-as-reached-yes" => say!(texts, "cli-such-as-reached-yes"),
        number if number.contains("digit") || number.contains("not in") => say!(texts, "cli-such-as-number"),
        other => other.to_owned(),
    }
}

fn shown(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(several) => several.join(", "),
        ContextValue::StyledStrs(several) => several.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        ContextValue::None => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_in_order_in_every_language() {
        for language in [Language::Sv, Language::Da, Language::Nb, Language::En] {
            localized(Cli::command(), Texts::new(language)).debug_assert();
        }
    }
}
