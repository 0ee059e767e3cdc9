//! `skolebro-server`: see `command_line`.

use std::process::ExitCode;

fn main() -> ExitCode {
    skolebro_server::command_line::run()
}
