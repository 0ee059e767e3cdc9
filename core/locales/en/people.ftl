# Who is who. A person whose name this phone does not have is called this.
person-unknown = someone
person-unknown-guardian = a guardian
person-unknown-staff = someone at the school
person-unknown-pupil = a pupil

role-contact-teacher = Contact teacher
role-teacher = Teacher
role-preschool-staff = Preschool staff
role-after-school-staff = After-school staff
role-special-educator = Special educator
role-pupil-health = Pupil health
role-office = Office
role-principal = Principal
role-deputy-principal = Deputy principal
role-organiser = Municipality or owner

guardianship-guardian = Guardian
guardianship-specially-appointed = Specially appointed guardian
guardianship-representative = Appointed representative
guardianship-carer = Foster home or residential home
guardianship-without-custody = Parent without custody
guardianship-unspecified = Not confirmed by the school

topic-attendance = absence
topic-leave = leave
topic-book = contact book
topic-talks = talks
topic-plan = plans
topic-care = support
topic-info = the school's information

person-you = you
language-sv = Swedish
language-da = Danish
language-nb = Norwegian
language-en = English
