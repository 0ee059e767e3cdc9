//! The server's side of the contract suite: `bindings/contract/README.md` tells what it is asked and what it answers.

fn main() -> std::io::Result<()> {
    // What goes wrong within a request is told to the one who asked.
    std::panic::set_hook(Box::new(|_| {}));
    skolebro_tests::contract::answer(std::io::stdin().lock(), std::io::stdout().lock())
}
