# Hvem der er hvem. En person, hvis navn telefonen ikke har, kaldes sådan her.
person-unknown = nogen
person-unknown-guardian = en forælder eller værge
person-unknown-staff = en på skolen
person-unknown-pupil = en elev

role-contact-teacher = Kontaktlærer
role-teacher = Lærer
role-preschool-staff = Pædagog
role-after-school-staff = SFO-personale
role-special-educator = Specialpædagog
role-pupil-health = Sundhedsplejen
role-office = Kontoret
role-principal = Skoleleder
role-deputy-principal = Viceskoleleder
role-organiser = Kommunen eller skolens bestyrelse

guardianship-guardian = Forældremyndighedsindehaver
guardianship-specially-appointed = Særligt udpeget forældremyndighedsindehaver
guardianship-representative = Personlig repræsentant
guardianship-carer = Plejefamilie eller bosted
guardianship-without-custody = Forælder uden forældremyndighed
guardianship-unspecified = Ikke bekræftet af skolen

topic-attendance = fravær
topic-leave = fri fra skole
topic-book = kontaktbog
topic-talks = samtaler
topic-plan = planer
topic-care = støtte
topic-info = skolens information

person-you = dig
language-sv = svensk
language-da = dansk
language-nb = norsk
language-en = engelsk
