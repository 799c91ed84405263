"""The words of ordinary mail, in a form that is easy to write: `letters_talk` reads it.

A line `# to < from | days ago and clock | folder | flags | subject` begins a mail; lines of a paragraph are joined, and
` /` ends a line for good.
"""

NOTES = """
# secretariat < imaging | 0 08:35 | INBOX |  | RDV scanner M. PAT-QUATRE - changement d'horaire
Bonjour,

Le scanner prévu jeudi à 9 h est avancé à 8 h 15. Merci de prévoir le résident à jeun depuis 6 h et sa dernière
créatinine.
# secretariat < emergency | 0 06:12 | INBOX | Flagged | Retour de M. EGLANTIER ce matin
Bonjour,

M. EGLANTIER quitte les urgences à 7 h par ambulance. Suture du cuir chevelu, surveillance neurologique 24 h. Le
compte rendu suit.
# secretariat < garnier | 1 18:22 | INBOX | Seen | Renouvellement ordonnances
Bonjour,

Pouvez-vous me donner la date de fin des traitements en cours de Mme GENET D'OR et M. MARRONNIER ? Je ferai les
renouvellements mercredi.
# secretariat < perrin | 2 11:08 | INBOX | Seen Flagged | Contrôle orthopédique Mme NESSI
Bonjour,

Je souhaite revoir Mme NESSI avec une radiographie du poignet de face et de profil faite le matin même. Merci de
prendre contact avec le secrétariat au 04 99 01 51 20.
# secretariat < pharmacy | 3 10:01 | INBOX | Seen | Livraison du jeudi 11
Bonjour,

En raison du jour férié, la livraison des piluliers aura lieu mercredi après-midi. Merci de nous transmettre les
modifications de traitement avant mardi midi.
# secretariat < ward | 8 14:44 | INBOX | Seen Answered | Lit disponible en hôpital de jour
Bonjour,

Une place se libère mardi pour l'évaluation de M. CHEVREFEUILLE. Merci de confirmer avant vendredi midi.
# secretariat < laboratory | 11 17:30 | INBOX | Seen | Nouveaux tubes citrate
Bonjour,

À partir du 1er, les tubes citrate 2,7 mL remplacent les 3,2 mL. Un coursier déposera le stock.
# secretariat < dermatologist | 13 09:55 | INBOX | Seen Answered | Téléexpertise
Bonjour,

Je n'arrive pas à ouvrir les photographies envoyées hier, pouvez-vous les renvoyer en JPEG, avec un repère de
taille ?

Merci d'avance
# secretariat < kine | 2 20:10 | M. ORTEGA (kinésithérapeute) |  | Bilan M. TOURNESOL
Bonsoir,

Dix séances faites. Périmètre de marche 60 m avec déambulateur, montée de trois marches avec aide. Je propose de
prolonger de dix séances.
# secretariat < kine | 9 19:33 | M. ORTEGA (kinésithérapeute) | Seen | Matériel
Bonsoir,

Le rollator de Mme MIMOSA n'a plus de frein à gauche, il faudrait le faire réparer avant lundi.
# secretariat < benali | 5 16:16 | Dr VASSEUR | Seen | Mme AUBEPINE : suites de la consultation
Chère consœur,

Comme convenu, je renonce au traitement symptomatique. Pourriez-vous me dire si les nuits sont plus calmes
depuis l'arrêt de l'hydroxyzine ?
# secretariat < delcourt | 2 17:52 | Dr VASSEUR | Flagged | Relais AVK/AOD
Chère consœur,

Je vous confirme le relais par apixaban 2,5 mg deux fois par jour dès que l'INR passe sous 2. Pas d'héparine.
# secretariat < garnier | 6 13:20 | Dr VASSEUR | Seen | Certificat
Bonjour,

Merci de transmettre au Dr VASSEUR ma demande de certificat pour la mesure de protection de Mme GENET D'OR.
# secretariat < home_care | 1 11:35 | Mme ROUX (IDEC) |  | Planning infirmier semaine prochaine
Bonjour Mme ROUX,

Voici nos passages : lundi 9 h, mercredi 9 h, vendredi 15 h. Pouvez-vous valider ?
# secretariat < pharmacy | 7 16:05 | Mme ROUX (IDEC) | Seen | Inventaire de la dotation d'urgence
Bonjour,

Périmés à remplacer : adrénaline (2), glucosé 30 % (4), furosémide injectable (1). Je vous les apporte jeudi.
# care < pharmacy | 0 07:50 | INBOX |  | Rupture : macrogol 10 g
Bonjour,

Macrogol 10 g en rupture jusqu'au 28. Je propose macrogol 4000 en remplacement pour les huit résidents
concernés, sauf avis contraire avant midi.
# care < laboratory | 1 12:04 | INBOX | Flagged | Kaliémie M. CHEVREFEUILLE : appel sans réponse
Bonjour,

Nous avons tenté de vous joindre à 11 h 50 : kaliémie 5,7 mmol/L (hémolyse exclue). Merci d'en informer le
médecin sans délai.
# care < kine | 4 18:40 | INBOX | Seen | Verticalisateur
Bonsoir,

Formation à l'usage du verticalisateur mardi à 14 h, salle d'animation. Merci d'inscrire deux personnes par
étage.
# care < ward | 10 10:18 | INBOX | Seen Answered | Équipe mobile de gériatrie
Bonjour,

L'équipe mobile peut passer le 18 pour Mme LAVANDE (refus de soins, cris). Une fiche de comportement remplie sur
une semaine nous aiderait.
# care < emergency | 15 23:47 | Archives | Seen | Passage de Mme PAT-CINQ
Bonsoir,

Pas de lésion traumatique, retour cette nuit. Antalgiques palier 1.
# physician < fabre | 0 07:15 | INBOX |  | Staff gériatrique de jeudi
Bonjour Claire,

Deux dossiers à discuter de mon côté : Mme LAVANDE et M. EGLANTIER. Peux-tu apporter les derniers poids ?

Amicalement
# physician < perrin | 1 14:27 | INBOX | Flagged | Indication opératoire Mme PERVENCHE
Chère consœur,

Vu l'âge et les souhaits exprimés, je propose un traitement orthopédique. Qu'en pense la famille ?
# physician < lemoine | 3 12:11 | INBOX | Seen Answered | Vaccination antigrippale
Bonjour,

OK pour que l'équipe vaccine mes patients selon le protocole. Je signe la liste mardi.
# physician < secretariat | 2 09:05 | INBOX | Seen $Forwarded | Agenda : commission de coordination
Bonjour docteur,

La salle est réservée le 3 décembre à 18 h. Vingt-deux inscrits. Souhaitez-vous un ordre du jour imprimé ?
# physician < fabre | 8 17:02 | Staff gériatrique | Seen | Compte rendu du staff
Bonjour à toutes et tous,

Décisions : arrêt des IPP chez quatre résidents, bilan de déglutition pour Mme MIMOSA, réévaluation de la
douleur de M. MARRONNIER.
# physician < benali | 17 10:47 | Archives/2025 | Seen | Mémoire : créneau de télé-consultation
Chère consœur,

Je garde le premier mardi du mois, 11 h à 12 h, pour la résidence.
# physician < garnier | 12 21:30 | Corbeille | Seen | Merci
Merci pour votre appel de ce soir, c'est beaucoup plus clair. /
Bonne soirée
# secretary < secretariat | 1 08:02 | INBOX |  | Congés de fin d'année
Bonjour Sylvie,

Peux-tu me donner tes dates avant vendredi pour le planning des remplacements ?
# secretary < ward | 6 11:59 | INBOX | Seen | Numéro direct
Bonjour Sylvie,

Notre nouveau numéro direct : 04 99 01 15 41, de 9 h à 17 h.
# secretariat < imaging | 16 15:12 | Archives | Seen | Convention 2027
Bonjour,

Merci de nous retourner la convention signée, en deux exemplaires.
# secretariat < pharmacy | 18 09:09 | Archives | Seen | Réunion du 12 : compte rendu
Bonjour,

Le circuit du médicament est validé. Prochaine réunion en février.
# secretariat < lemoine | 19 20:41 | Archives | Seen Answered | Absence
Bonsoir,

Je serai remplacé par le Dr GARNIER du 2 au 9.
# secretariat < laboratory | 14 08:15 | Corbeille | Seen | Coursier
Bonjour,

Passage du coursier à 9 h 30 demain, exceptionnellement.
# secretariat < imaging | 15 13:13 | Corbeille | Seen | Erreur de destinataire, ne pas tenir compte
Bonjour,

Le message précédent ne vous était pas destiné. Merci de le supprimer.
"""

ANSWERS = """
# ward < secretariat | 8 15:20 | Éléments envoyés | Seen | RE : Lit disponible en hôpital de jour
Bonjour,

Nous confirmons mardi pour M. CHEVREFEUILLE. Transport réservé.
# garnier < secretariat | 3 09:44 | Éléments envoyés | Seen | Pesées du mois
Bonjour docteur,

Voici les poids du mois de vos patientes : Mme GENET D'OR 52,3 kg (- 0,8), Mme PAT-CINQ 61 kg.
# ward < care | 9 16:36 | Éléments envoyés | Seen | RE : Équipe mobile de gériatrie
Bonjour,

Parfait pour le 18. La fiche de comportement est commencée depuis hier.
# lemoine < physician | 3 13:30 | Éléments envoyés | Seen | RE : Vaccination antigrippale
Merci, la liste vous attend au poste de soins.
# fabre < physician | 11 18:18 | Éléments envoyés | Seen | Question : IPP au long cours
Chère Mireille,

Quatre résidents sont sous IPP depuis plus de deux ans sans indication retrouvée. D'accord pour un arrêt
progressif ?
# home_care < secretariat | 0 08:45 | Brouillons | Seen Draft | Arrivée de Mme GLYCINE Paulette
Bonjour,

Nous accueillons Mme GLYCINE lundi. Pouvez-vous nous adresser
"""

RETURN_HOME = """
# secretariat < ward | 6 10:05 |  |  | Sortie de Mme BRUYERE Germaine - organisation du retour
Bonjour,

La sortie de Mme BRUYERE est envisagée en fin de semaine. Pouvez-vous la reprendre vendredi en début
d'après-midi ? Elle marche avec un déambulateur et une aide humaine.
# ward < secretariat | 6 11:20 |  |  | Sortie de Mme BRUYERE Germaine - organisation du retour
Bonjour,

Oui, la chambre 112 est prête. Merci de nous adresser la lettre de liaison et l'ordonnance la veille pour que la
pharmacie puisse préparer le pilulier.
# secretariat < ward | 5 16:42 |  |  | Sortie de Mme BRUYERE Germaine - organisation du retour
Bien noté. L'ambulance est réservée vendredi à 14 h. Y a-t-il un matelas à air dans la chambre ?
# ward < secretariat | 4 08:55 |  |  | Sortie de Mme BRUYERE Germaine - organisation du retour
Bonjour,

Le matelas est commandé, livraison jeudi matin. L'infirmière coordinatrice appellera le service demain pour les
transmissions.
# secretariat < ward | 1 15:31 |  |  | Sortie de Mme BRUYERE Germaine - organisation du retour
Merci beaucoup. La lettre de liaison part ce soir par MSSanté, le Dr FABRE doit encore la valider. /
Bonne fin de journée.
"""

HEART = """
# delcourt < physician | 9 12:48 |  |  | Avis : M. TOURNESOL, décompensation cardiaque débutante
Cher confrère,

M. TOURNESOL a pris 2,4 kg en huit jours, avec des œdèmes jusqu'à mi-mollet et un essoufflement à la toilette.
TA 128/70, FC 88 irrégulière, SpO2 93 %. Furosémide 20 mg actuellement. /
Que proposez-vous en attendant la consultation ?
# physician < delcourt | 9 18:15 |  |  | Avis : M. TOURNESOL, décompensation cardiaque débutante
Chère consœur,

Passez à 60 mg le matin pendant cinq jours, puis 40 mg. Ionogramme et créatinine à J3 et J7. S'il dépasse 72 kg
ou désature, je le prends directement dans le service.
# delcourt < physician | 5 13:10 |  |  | Avis : M. TOURNESOL, décompensation cardiaque débutante
Merci. À J3 : kaliémie 3,9, créatinine 112 (104 avant). Poids 70,1 kg, œdèmes en baisse. /
Je garde 60 mg encore deux jours.
# physician < delcourt | 0 09:02 |  |  | Avis : M. TOURNESOL, décompensation cardiaque débutante
Très bien. On se revoit en consultation le 14 du mois prochain à 10 h 30, avec un ECG récent si possible. /
Bien confraternellement
"""

DRESSINGS = """
# care < home_care | 12 09:12 |  |  | Protocole de pansement Mme MIMOSA
Bonjour,

Suite à notre passage d'hier, nous avons modifié le protocole de pansement de Mme MIMOSA : hydrofibre tous les
deux jours. Pouvez-vous nous confirmer le stock restant ?
# home_care < care | 12 14:03 |  |  | Protocole de pansement Mme MIMOSA
Bonjour, /
Il reste 4 hydrofibres 10x10 et 2 boîtes de compresses. Commande à faire pour lundi.
# care < home_care | 11 10:30 |  |  | Protocole de pansement Mme MIMOSA
Commande passée, livraison lundi matin. L'odeur a-t-elle diminué ?
# home_care < care | 10 11:47 |  |  | Protocole de pansement Mme MIMOSA
Oui, nettement. Bourgeonnement sur les deux tiers, exsudat modéré. Douleur 2/10 au soin.
# care < home_care | 5 17:20 |  |  | Protocole de pansement Mme MIMOSA
Parfait. Nous espaçons à trois jours à partir de la semaine prochaine si l'évolution se confirme.
# care < home_care | 0 08:10 |  |  | Protocole de pansement Mme MIMOSA
Bonjour,

Notre infirmière passera aujourd'hui vers 15 h au lieu de 11 h, un imprévu dans la tournée. /
Merci de prévenir la résidente.
"""

PILLS = """
# care < pharmacy | 4 15:00 |  |  | Ordonnance M. MARRONNIER : durée ?
Bonjour,

L'ordonnance de M. MARRONNIER ne précise pas la durée de l'antibiotique (amoxicilline 1 g). Sept jours ?
# pharmacy < care | 4 15:38 |  |  | Ordonnance M. MARRONNIER : durée ?
Bonjour, /
Je confirme sept jours, le Dr VASSEUR envoie l'ordonnance corrigée.
# care < pharmacy | 3 09:25 |  |  | Ordonnance M. MARRONNIER : durée ?
Bien reçue, merci. Le pilulier partira avec la livraison de 16 h.
"""

VISITS = """
# secretariat < lemoine | 7 19:45 |  |  | Visite de mardi
Bonsoir,

Je passerai voir mes patients mardi vers 13 h plutôt que lundi. Merci de préparer les dossiers de Mme PERVENCHE
et de M. CHEVREFEUILLE.
# lemoine < secretariat | 6 08:40 |  |  | Visite de mardi
Bonjour docteur,

C'est noté. Mme LAVANDE souhaite aussi vous voir pour ses douleurs d'épaule.
# secretariat < lemoine | 6 12:58 |  |  | Visite de mardi
Entendu, ajoutez-la en premier.
"""
