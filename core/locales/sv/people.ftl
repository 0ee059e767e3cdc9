# Vem som är vem. En person vars namn telefonen inte har kallas så här.
person-unknown = någon
person-unknown-guardian = en vårdnadshavare
person-unknown-staff = någon på skolan
person-unknown-pupil = en elev

role-contact-teacher = Mentor
role-teacher = Lärare
role-preschool-staff = Förskolepersonal
role-after-school-staff = Fritidspersonal
role-special-educator = Specialpedagog
role-pupil-health = Elevhälsan
role-office = Expeditionen
role-principal = Rektor
role-deputy-principal = Biträdande rektor
role-organiser = Huvudman

guardianship-guardian = Vårdnadshavare
guardianship-specially-appointed = Särskilt förordnad vårdnadshavare
guardianship-representative = God man
guardianship-carer = Familjehem eller boende
guardianship-without-custody = Förälder utan vårdnad
guardianship-unspecified = Inte bekräftad av skolan

topic-attendance = frånvaro
topic-leave = ledighet
topic-book = kontaktbok
topic-talks = samtal
topic-plan = planer
topic-care = stöd
topic-info = skolans information

person-you = dig
language-sv = svenska
language-da = danska
language-nb = norska
language-en = engelska
