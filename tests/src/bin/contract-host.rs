//! The server's side of the contract suite: `bindings/contract/README.md` tells what it is asked and what it answers.

fn main() -> std::io::Result<()> {
    skolebro_tests::contract::answer(std::io::stdin().lock(), std::io::stdout().lock())
}
