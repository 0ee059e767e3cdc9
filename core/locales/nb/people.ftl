# Hvem som er hvem. En person som telefonen ikke har navnet på, kalles slik.
person-unknown = noen
person-unknown-guardian = en foresatt
person-unknown-staff = noen på skolen
person-unknown-pupil = en elev

role-contact-teacher = Kontaktlærer
role-teacher = Lærer
role-preschool-staff = Barnehageansatt
role-after-school-staff = SFO-ansatt
role-special-educator = Spesialpedagog
role-pupil-health = Skolehelsetjenesten
role-office = Kontoret
role-principal = Rektor
role-deputy-principal = Assisterende rektor
role-organiser = Skoleeier

guardianship-guardian = Foresatt
guardianship-specially-appointed = Særskilt oppnevnt foresatt
guardianship-representative = Representant
guardianship-carer = Fosterhjem eller institusjon
guardianship-without-custody = Forelder uten foreldreansvar
guardianship-unspecified = Ikke bekreftet av skolen

topic-attendance = fravær
topic-leave = permisjon
topic-book = kontaktbok
topic-talks = samtaler
topic-plan = planer
topic-care = støtte
topic-info = skolens informasjon

person-you = deg
language-sv = svensk
language-da = dansk
language-nb = norsk
language-en = engelsk
