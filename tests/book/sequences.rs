//! Compares random sequences of acts on two books with a plain map.

use std::collections::BTreeMap;

use odp_console::book::{AgentDetails, Book, BookError};
use rand_core::TryRng as _;

use crate::checks::{agents, secret};
use crate::counter_rng::CounterRng;
use crate::{address, details};

/// A book and its expected content: label and password by address.
struct Modelled {
    book: Book,
    passphrase: String,
    model: BTreeMap<String, (Option<String>, String)>,
}

impl Modelled {
    fn new(passphrase: &str, rng: &mut CounterRng) -> Self {
        Self {
            book: Book::create(&secret(passphrase), rng).unwrap(),
            passphrase: passphrase.to_owned(),
            model: BTreeMap::new(),
        }
    }

    fn check(&self) {
        let found: BTreeMap<_, _> = agents(&self.book)
            .into_iter()
            .map(|agent| (agent.address, (agent.label, agent.password)))
            .collect();
        assert_eq!(found, self.model);
        let text = self.book.text().unwrap();
        assert_eq!(self.book.reopen(&text).as_ref(), Ok(&self.book));
    }
}

#[test]
fn random_acts_do_what_a_plain_map_would() {
    let rng = &mut CounterRng::new("sequences");
    let mut books = [
        Modelled::new("passphrase of one", rng),
        Modelled::new("passphrase of the other", rng),
    ];
    for act in 0..3_000_u32 {
        let mut below = |limit: u32| {
            let Ok(number) = rng.try_next_u32();
            number % limit
        };
        let [which, kind] = [below(2), below(100)];
        let [at, to] = [below(12), below(12)].map(|n| format!("10.0.0.{}:2886", n + 1));
        let (labelled, with_password) = (below(2) == 0, below(2) == 0);
        let label = labelled.then(|| format!("label {act}"));
        let password = format!("password {act}");
        let [one, other] = &mut books;
        let (this, that) = if which == 0 {
            (one, other)
        } else {
            (other, one)
        };
        let labelled = |at: &str| AgentDetails {
            label: label.clone(),
            ..details(at)
        };
        match kind {
            0..45 => match this.book.add(labelled(&at), &secret(&password), rng) {
                Ok(book) => {
                    this.book = book;
                    let before = this.model.insert(at, (label, password));
                    assert_eq!(before, None);
                }
                Err(error) => {
                    assert_eq!(error, BookError::Taken);
                    assert!(this.model.contains_key(&at));
                }
            },
            45..75 => {
                let given = secret(&password);
                let given = with_password.then_some(&given);
                let edited = this.book.edit(&address(&at), labelled(&to), given, rng);
                match edited {
                    Ok(book) => {
                        this.book = book;
                        let (_, kept) = this.model.remove(&at).unwrap();
                        let password = if with_password { password } else { kept };
                        let before = this.model.insert(to, (label, password));
                        assert_eq!(before, None);
                    }
                    Err(BookError::Missing) => assert!(!this.model.contains_key(&at)),
                    Err(BookError::Taken) => assert!(at != to && this.model.contains_key(&to)),
                    Err(error) => panic!("{error:?}"),
                }
            }
            75..93 => match this.book.remove(&address(&at), rng) {
                Ok(book) => {
                    this.book = book;
                    assert!(this.model.remove(&at).is_some());
                }
                Err(error) => {
                    assert_eq!(error, BookError::Missing);
                    assert!(!this.model.contains_key(&at));
                }
            },
            93..96 => {
                let plan = this.book.plan(&that.book).unwrap();
                this.book = this.book.merged_with(&that.book, rng).unwrap();
                assert_eq!(
                    this.book.entries().len(),
                    plan.added + plan.updated + plan.same + plan.own
                );
                this.model.extend(that.model.clone());
            }
            96 => {
                this.book = this.book.replaced_by(&that.book, rng).unwrap();
                this.model = that.model.clone();
            }
            97 => {
                this.passphrase = format!("passphrase of act {act}");
                let before = this.book.text().unwrap();
                this.book = this
                    .book
                    .change_passphrase(&secret(&this.passphrase), rng)
                    .unwrap();
                assert_eq!(this.book.reopen(&before), Err(BookError::OtherKey));
            }
            _ => {
                let text = this.book.text().unwrap();
                let wrong = Book::open(&text, &secret("none of them"));
                assert_eq!(wrong, Err(BookError::Passphrase));
                this.book = Book::open(&text, &secret(&this.passphrase)).unwrap();
            }
        }
        this.check();
    }
}
