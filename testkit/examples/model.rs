//! The model server as a program, for tests in other languages: it prints its address, and serves until its
//! standard input ends.

fn main() {
    let model = cardwright_testkit::model::Model::start();
    println!("{}", model.url());
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
}
