//! Names as they are met in Nordic schools, drawn at random: given and family names are paired by chance.
//! Must never hold a real person's particulars: only lists of common names.

use super::Country;
use rand::{RngExt, rngs::StdRng};

/// One naming tradition. The lists are comma-separated text, read once.
struct Tradition {
    girls: &'static str,
    boys: &'static str,
    families: &'static str,
}

const SWEDISH: Tradition = Tradition {
    girls: "Alice, Alma, Alva, Agnes, Anna, Astrid, Annika, Åsa, Birgitta, Cecilia, Clara, Ebba, Edith, Elin, Ella, \
        Elsa, Emma, Ester, Eva, Frida, Freja, Greta, Gunilla, Hanna, Hedda, Helena, Ida, Ingrid, Iris, Jenny, Johanna, \
        Josefin, Juni, Karin, Klara, Kristina, Lena, Linnéa, Lova, Lovisa, Maja, Malin, Maria, Märta, Matilda, Moa, \
        Molly, Nellie, Nora, Olivia, Pernilla, Saga, Sanna, Selma, Signe, Sigrid, Siri, Sofia, Stina, Stella, Svea, \
        Tuva, Tyra, Ulrika, Vera, Wilma, Ylva",
    boys: "Adam, Albin, Alfred, Anders, Anton, Arvid, August, Axel, Åke, Björn, Bo, Carl, Daniel, David, Ebbe, Edvin, \
        Elias, Elis, Emil, Erik, Filip, Fredrik, Gabriel, Gustav, Göran, Hampus, Henrik, Hjalmar, Hugo, Isak, Ivar, \
        Jakob, Joakim, Johan, Jonas, Josef, Kasper, Lars, Leo, Linus, Loke, Love, Lukas, Magnus, Malte, Martin, \
        Mattias, Melvin, Mikael, Mårten, Måns, Nils, Noah, Olle, Oskar, Otto, Per, Peter, Pär, Sigge, Simon, Sixten, \
        Stefan, Sven, Tage, Theo, Tomas, Vidar, Viggo, Viktor, Vincent, Wilhelm, Östen",
    families: "Andersson, Johansson, Karlsson, Nilsson, Eriksson, Larsson, Olsson, Persson, Svensson, Gustafsson, \
        Pettersson, Jonsson, Jansson, Hansson, Bengtsson, Jönsson, Lindberg, Jakobsson, Magnusson, Lindström, \
        Lindqvist, Lindgren, Axelsson, Berg, Bergström, Lundberg, Lind, Lundgren, Lundqvist, Mattsson, Berglund, \
        Fredriksson, Sandberg, Henriksson, Forsberg, Sjöberg, Wallin, Engström, Eklund, Danielsson, Lundin, \
        Håkansson, Björk, Bergman, Gunnarsson, Holm, Wikström, Isaksson, Fransson, Bergqvist, Nyström, Holmberg, \
        Arvidsson, Löfgren, Söderberg, Nyberg, Blomqvist, Claesson, Nordström, Mårtensson, Lundström, Viklund, \
        Björklund, Eliasson, Berggren, Sandström, Nordin, Ström, Åberg, Hermansson, Ekström, Holmgren, Sundberg, \
        Hedlund, Dahlberg, Hellström, Sjögren, Falk, Abrahamsson, Öberg, Blom, Åkesson, Ek, Strömberg, Åström, \
        Norberg, Hedberg, Ström, Dahl, Östlund, Öhman, Ljungberg, Ängkvist, Grönlund, Rönnberg, Almkvist",
};

const DANISH: Tradition = Tradition {
    girls: "Agnes, Alberte, Alma, Anja, Anna, Anne, Asta, Astrid, Bodil, Caroline, Charlotte, Clara, Ditte, Ella, \
        Ellen, Emma, Esther, Freja, Frida, Gitte, Gry, Hanne, Helle, Ida, Inger, Isabella, Josefine, Karen, Karla, \
        Katrine, Kirsten, Laura, Lærke, Lea, Line, Liv, Lone, Luna, Maja, Maren, Marie, Mathilde, Merle, Mette, \
        Mille, Nanna, Nora, Olivia, Pernille, Rikke, Rosa, Sanne, Signe, Sille, Silje, Sofie, Susanne, Søs, Thea, \
        Tilde, Trine, Vibeke, Victoria, Vigga, Viola, Åse",
    boys: "Aksel, Albert, Alfred, Anders, Anton, Arthur, August, Bertram, Bjørn, Carl, Christian, Claus, Elias, Emil, \
        Erik, Felix, Frederik, Hans, Henrik, Hugo, Jakob, Jens, Jesper, Johan, Jørgen, Karl, Kasper, Kim, Kristian, \
        Lars, Lasse, Liam, Loui, Lucas, Mads, Magne, Magnus, Malthe, Marius, Martin, Mathias, Mikkel, Morten, Niels, \
        Noah, Nohr, Oliver, Oscar, Otto, Per, Peter, Poul, Rasmus, Søren, Storm, Theo, Thomas, Tobias, Torben, Uffe, \
        Valdemar, Viggo, Victor, Villads, William, Åge",
    families: "Nielsen, Jensen, Hansen, Andersen, Pedersen, Christensen, Larsen, Sørensen, Rasmussen, Jørgensen, \
        Petersen, Madsen, Kristensen, Olsen, Thomsen, Christiansen, Poulsen, Johansen, Møller, Mortensen, Knudsen, \
        Jakobsen, Mikkelsen, Frederiksen, Laursen, Lund, Schmidt, Eriksen, Holm, Kristiansen, Clausen, Simonsen, \
        Svendsen, Andreasen, Iversen, Jeppesen, Mogensen, Jespersen, Nissen, Lauridsen, Frandsen, Østergaard, \
        Jepsen, Kjær, Carlsen, Vestergaard, Nørgaard, Dahl, Christoffersen, Skov, Søndergaard, Bertelsen, Bruun, \
        Lassen, Bach, Gregersen, Friis, Johnsen, Steffensen, Kjeldsen, Bech, Krogh, Lauritsen, Danielsen, Mathiesen, \
        Andresen, Brandt, Winther, Toft, Ravn, Mathiasen, Dam, Holst, Lind, Mølgaard, Ågaard, Bæk, Æbelø",
};

const NORWEGIAN: Tradition = Tradition {
    girls: "Aase, Alma, Amalie, Anne, Astrid, Aurora, Berit, Bjørg, Camilla, Eira, Eline, Ella, Emilie, Emma, Eva, \
        Frida, Frøydis, Gro, Guro, Hanne, Hedda, Hege, Heidi, Helene, Hilde, Ida, Iben, Ingeborg, Ingrid, Jenny, \
        Johanne, Julie, Kari, Kristin, Lea, Linn, Live, Mari, Maria, Marit, Marte, Mathilde, Mia, Mina, Nina, Nora, \
        Oda, Ragnhild, Randi, Sara, Selma, Signe, Sigrid, Silje, Siri, Sofie, Solveig, Sunniva, Synnøve, Thea, Tiril, \
        Tone, Torill, Tuva, Unni, Vilde, Wenche, Ylva, Åshild",
    boys: "Aksel, Alfred, Anders, Arne, Asbjørn, Axel, Bjørn, Brage, Eirik, Elias, Emil, Erik, Espen, Even, Filip, \
        Fredrik, Geir, Gjermund, Hans, Henrik, Håkon, Håvard, Isak, Ivar, Jakob, Jan, Jens, Johannes, Jonas, Kasper, \
        Kjell, Knut, Kristian, Lars, Leif, Ludvig, Lukas, Magnus, Martin, Mathias, Mikkel, Morten, Nils, Noah, Odd, \
        Odin, Ola, Ole, Olav, Oliver, Oskar, Pål, Per, Petter, Ragnar, Roar, Rune, Sander, Sigurd, Sindre, Sivert, \
        Sondre, Stian, Svein, Terje, Theodor, Tobias, Tor, Trond, Trygve, Ulrik, Vegard, Vetle, Øystein, Øyvind, Åsmund",
    families: "Hansen, Johansen, Olsen, Larsen, Andersen, Pedersen, Nilsen, Kristiansen, Jensen, Karlsen, Johnsen, \
        Pettersen, Eriksen, Berg, Haugen, Hagen, Johannessen, Andreassen, Jacobsen, Dahl, Jørgensen, Halvorsen, \
        Henriksen, Lund, Sørensen, Jakobsen, Moen, Gundersen, Iversen, Strand, Solberg, Svendsen, Martinsen, Eide, \
        Knutsen, Bakken, Lie, Paulsen, Mathisen, Kristoffersen, Lien, Rasmussen, Amundsen, Berge, Nygård, Nguyen, \
        Bakke, Holm, Solheim, Nilssen, Fredriksen, Moe, Lunde, Hauge, Christensen, Tangen, Holmen, Myhre, Bøe, \
        Sæther, Bråten, Ødegård, Sandvik, Aas, Hovland, Tveit, Brekke, Sunde, Viken, Myklebust, Ås, Ruud, Næss, \
        Fjeld, Vågen, Østby, Lervåg, Skjelbred, Grønvold, Røed, Bjørnstad, Håland",
};

const SAMI: Tradition = Tradition {
    girls: "Ánne, Áile, Biret, Elle, Inga, Inger-Máret, Káre, Láilá, Márjá, Máret, Ristiinná, Risten, Sárá, Sunná",
    boys: "Ánte, Áslat, Biera, Heaika, Issát, Jovnna, Lásse, Mihkkal, Mikkel, Niillas, Nils-Ánte, Piera, Sámmol, Ánde",
    families: "Baer, Balto, Eira, Gaup, Kitok, Kuhmunen, Labba, Länta, Marakatt, Niia, Omma, Parfa, Påve, Sara, Sarri, \
        Skum, Somby, Spik, Svonni, Utsi, Valkeapää, Varsi, Vannar, Oskal, Hætta, Eŋŋo, Šuorra",
};

const FINNISH: Tradition = Tradition {
    girls: "Aino, Aada, Anni, Eevi, Eila, Elli, Emmi, Hanna-Leena, Heidi, Helmi, Iida, Kaisa, Katja, Lumi, Marjatta, \
        Minttu, Päivi, Pihla, Riikka, Saara, Säde, Tuuli, Venla, Viivi",
    boys: "Aatos, Antti, Arttu, Eetu, Eino, Heikki, Jaakko, Juho, Jukka, Kalle, Lauri, Leevi, Matti, Mikko, Niilo, Onni, \
        Paavo, Pekka, Sampo, Tapio, Toivo, Väinö, Ville, Yrjö",
    families: "Korhonen, Virtanen, Mäkinen, Nieminen, Mäkelä, Hämäläinen, Laine, Heikkinen, Koskinen, Järvinen, \
        Lehtonen, Saarinen, Niemi, Salonen, Heinonen, Heikkilä, Kinnunen, Turunen, Laitinen, Rantanen, Karjalainen, \
        Mattila, Savolainen, Pöyhönen, Kärkkäinen, Räsänen",
};

const ARABIC: Tradition = Tradition {
    girls: "Aisha, Amal, Amina, Aya, Dalia, Dima, Fatima, Hala, Hanan, Jana, Joud, Khadija, Lamar, Layan, Leila, Lina, \
        Mariam, Mona, Nadia, Noor, Rahaf, Rana, Rima, Salma, Samira, Shahad, Sham, Sidra, Yara, Zahra, Zeinab",
    boys: "Adam, Adnan, Ahmad, Ali, Amir, Anas, Bilal, Elias, Fadi, Faris, Hadi, Hamza, Hassan, Ibrahim, Ismail, Jamal, \
        Karim, Khaled, Laith, Mahdi, Mahmoud, Mustafa, Nabil, Omar, Osama, Rami, Samir, Tarek, Yassin, Yousef, Zaid",
    families: "Abbas, Abboud, Aziz, Darwish, Fares, Haddad, Hakim, Hamdan, Hussein, Issa, Jabbour, Kassem, Khalil, \
        Khoury, Mansour, Mousa, Najjar, Nasser, Qasim, Rahal, Saad, Saleh, Salman, Sayegh, Shaheen, Tamimi, Yousif, \
        Zein, Al-Hassan, Al-Jaberi",
};

const SOMALI: Tradition = Tradition {
    girls: "Ayaan, Asha, Deqa, Fadumo, Faiza, Halima, Hani, Hibaq, Hodan, Ifrah, Khadra, Ladan, Muna, Nasteho, Nimco, \
        Sagal, Samsam, Sahra, Ubah, Yasmin",
    boys: "Abdi, Abdirahman, Abshir, Ayanle, Bashir, Cabdi, Farah, Guled, Hassan, Ilyas, Jama, Khalid, Liban, Mahad, \
        Mohamud, Mubarak, Nuur, Sharmarke, Yahye, Zakaria",
    families: "Abdi, Abdullahi, Aden, Ahmed, Ali, Barre, Dahir, Elmi, Farah, Guled, Hassan, Hersi, Ismail, Jama, \
        Mohamud, Muse, Nur, Osman, Samatar, Warsame, Yusuf",
};

const POLISH: Tradition = Tradition {
    girls: "Agnieszka, Alicja, Aleksandra, Barbara, Ewa, Hanna, Iga, Joanna, Julia, Katarzyna, Lena, Magda, Małgorzata, \
        Maja, Oliwia, Pola, Weronika, Zofia, Zuzanna, Żaneta",
    boys: "Adam, Antoni, Bartosz, Filip, Grzegorz, Jakub, Jan, Kacper, Krzysztof, Łukasz, Maciej, Marcin, Mateusz, \
        Michał, Paweł, Piotr, Stanisław, Szymon, Tomasz, Wojciech",
    families: "Kaczmarek, Kowalczyk, Krawczyk, Mazur, Nowak, Pawlak, Sikora, Stępień, Szymczak, Walczak, Wieczorek, \
        Wójcik, Woźniak, Wróbel, Zając, Dudek, Król, Majchrzak, Olszak, Górski",
};

const BALKAN: Tradition = Tradition {
    girls: "Amra, Arta, Blerta, Dženana, Elma, Emina, Jasmina, Lejla, Merima, Mirjeta, Nađa, Sanela, Selma, Teuta, Šejla",
    boys: "Adnan, Agron, Armin, Arben, Besnik, Damir, Dženan, Edin, Emir, Haris, Ilir, Kemal, Mirza, Nikola, Senad, Željko",
    families: "Begić, Berisha, Đurić, Gashi, Hadžić, Hodžić, Hoxha, Jovanović, Kovačević, Krasniqi, Marković, \
        Mehmedović, Petrović, Selimović, Šabanović, Žunić",
};

/// A full name; the parts live as long as the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub given: &'static str,
    pub family: &'static str,
    /// Whether the family is likely to have arrived lately, and may prefer English in the app.
    pub from_afar: bool,
}

struct Pool {
    /// How many families in a hundred have names of this kind.
    weight: u32,
    from_afar: bool,
    girls: Vec<&'static str>,
    boys: Vec<&'static str>,
    families: Vec<&'static str>,
}

/// The traditions of one country with their weights.
pub(super) struct Names {
    pools: Vec<Pool>,
    total: u32,
}

impl Names {
    pub fn of(country: Country) -> Self {
        let (own, near, far_near) = match country {
            Country::Sweden => (&SWEDISH, &DANISH, &NORWEGIAN),
            Country::Denmark => (&DANISH, &SWEDISH, &NORWEGIAN),
            Country::Norway => (&NORWEGIAN, &SWEDISH, &DANISH),
        };
        let (sami, finnish) = match country {
            Country::Sweden => (3, 6),
            Country::Denmark => (1, 1),
            Country::Norway => (4, 2),
        };
        let pools = vec![
            pool(66, false, own),
            pool(2, false, near),
            pool(2, false, far_near),
            pool(sami, false, &SAMI),
            pool(finnish, false, &FINNISH),
            pool(9, true, &ARABIC),
            pool(5, true, &SOMALI),
            pool(5, true, &POLISH),
            pool(4, false, &BALKAN),
        ];
        let total = pools.iter().map(|pool| pool.weight).sum();
        Self { pools, total }
    }

    /// A family's tradition, to be kept for its members.
    pub fn tradition(&self, rng: &mut StdRng) -> usize {
        let mut ticket = rng.random_range(0..self.total);
        for (index, pool) in self.pools.iter().enumerate() {
            if ticket < pool.weight {
                return index;
            }
            ticket -= pool.weight;
        }
        0
    }

    /// A name of the tradition; `family` keeps a family's name.
    pub fn draw(&self, rng: &mut StdRng, tradition: usize, female: bool, family: Option<&'static str>) -> Name {
        let pool = &self.pools[tradition];
        let given = pick(rng, if female { &pool.girls } else { &pool.boys });
        let family = family.unwrap_or_else(|| pick(rng, &pool.families));
        Name { given, family, from_afar: pool.from_afar }
    }

    /// A name of any tradition: staff, foster parents.
    pub fn anyone(&self, rng: &mut StdRng) -> Name {
        let tradition = self.tradition(rng);
        let female = rng.random_bool(0.7);
        self.draw(rng, tradition, female, None)
    }
}

fn pool(weight: u32, from_afar: bool, tradition: &Tradition) -> Pool {
    let split = |list: &'static str| list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    Pool {
        weight,
        from_afar,
        girls: split(tradition.girls),
        boys: split(tradition.boys),
        families: split(tradition.families),
    }
}

fn pick(rng: &mut StdRng, list: &[&'static str]) -> &'static str {
    list[rng.random_range(0..list.len())]
}

/// Letters that an e-mail address takes: `Åsa Sæther` → `asa.saether`.
pub(super) fn ascii(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' => out.push(letter),
            'å' | 'ä' | 'á' | 'ą' => out.push('a'),
            'æ' => out.push_str("ae"),
            'ö' | 'ø' | 'ó' => out.push('o'),
            'é' | 'ę' => out.push('e'),
            'š' | 'ś' => out.push('s'),
            'č' | 'ć' => out.push('c'),
            'ž' | 'ż' | 'ź' => out.push('z'),
            'ń' | 'ŋ' => out.push('n'),
            'ł' => out.push('l'),
            'đ' => out.push('d'),
            'í' => out.push('i'),
            ' ' | '-' => out.push('-'),
            // A letter that the lists do not have yet still gives a usable address.
            _ => out.push('x'),
        }
    }
    out
}
