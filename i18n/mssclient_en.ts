<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="fr_FR">
    <context>
        <name>AboutPage</name>
        <message>
            <source>Environnement</source>
            <translation>Environment</translation>
        </message>
        <message>
            <source>Identité</source>
            <translation>Identity</translation>
        </message>
        <message>
            <source>Licence</source>
            <translation>Licence</translation>
        </message>
        <message>
            <source>Licence publique de l’Union européenne (EUPL) 1.2</source>
            <translation>European Union Public Licence (EUPL) 1.2</translation>
        </message>
        <message>
            <source>Référence produit</source>
            <translation>Product reference</translation>
        </message>
        <message>
            <source>Version</source>
            <translation>Version</translation>
        </message>
        <message>
            <source>non configurée</source>
            <translation>not configured</translation>
        </message>
        <message>
            <source>personne n’est connecté</source>
            <translation>nobody is signed in</translation>
        </message>
        <message>
            <source>{name} (pas de vrais messages)</source>
            <translation>{name} (no real messages)</translation>
        </message>
    </context>
    <context>
        <name>ActivityList</name>
        <message>
            <source>Profession non précisée</source>
            <translation>Profession not specified</translation>
        </message>
        <message>
            <source>Structure non précisée</source>
            <translation>Organisation not specified</translation>
        </message>
        <message>
            <source>Vos activités</source>
            <translation>Your activities</translation>
        </message>
        <message>
            <source>{activity}, activité actuelle</source>
            <translation>{activity}, current activity</translation>
        </message>
        <message>
            <source>{structure} (n° {id})</source>
            <translation>{structure} (no. {id})</translation>
        </message>
    </context>
    <context>
        <name>AppearancePage</name>
        <message>
            <source>Clair</source>
            <translation>Light</translation>
        </message>
        <message>
            <source>Comme le système</source>
            <translation>Same as the system</translation>
        </message>
        <message>
            <source>Deux lignes par message</source>
            <translation>Two lines per message</translation>
        </message>
        <message>
            <source>Disposition</source>
            <translation>Layout</translation>
        </message>
        <message>
            <source>Liste</source>
            <translation>List</translation>
        </message>
        <message>
            <source>Liste au-dessus, lecture dessous</source>
            <translation>List above, reading below</translation>
        </message>
        <message>
            <source>Liste seule</source>
            <translation>List only</translation>
        </message>
        <message>
            <source>Sombre</source>
            <translation>Dark</translation>
        </message>
        <message>
            <source>Taille du texte</source>
            <translation>Text size</translation>
        </message>
        <message>
            <source>Taille du texte en pour cent</source>
            <translation>Text size in per cent</translation>
        </message>
        <message>
            <source>Thème</source>
            <translation>Theme</translation>
        </message>
        <message>
            <source>Trois colonnes</source>
            <translation>Three columns</translation>
        </message>
        <message>
            <source>Une ligne par conversation</source>
            <translation>One line per conversation</translation>
        </message>
        <message>
            <source>{percent} %</source>
            <translation>{percent}%</translation>
        </message>
    </context>
    <context>
        <name>Arrivals</name>
        <message>
            <source>Abandonner</source>
            <translation>Discard</translation>
        </message>
        <message>
            <source>Ce lien désigne des documents du dossier « à envoyer », qui n’est pas configuré sur ce poste : le message n’a pas été commencé.</source>
            <translation>This link names documents of the “to send” folder, which is not configured on this workstation: the message was not begun.</translation>
        </message>
        <message>
            <source>Fermer</source>
            <translation>Close</translation>
        </message>
        <message>
            <source>Trop de messages attendent déjà d’être rédigés : le dernier n’a pas été pris.</source>
            <translation>Too many messages are waiting to be written already: the last one was not taken.</translation>
        </message>
        <message>
            <source>Un message est prêt à être rédigé : il s’ouvrira quand vous serez identifié.</source>
            <translation>A message is ready to be written: it will open once you have signed in.</translation>
        </message>
        <message>
            <source>{number} messages sont prêts à être rédigés : ils s’ouvriront quand vous serez identifié.</source>
            <translation>{number} messages are ready to be written: they will open once you have signed in.</translation>
        </message>
    </context>
    <context>
        <name>AttachmentBar</name>
        <message>
            <source>Joindre des fichiers</source>
            <translation>Attach files</translation>
        </message>
        <message>
            <source>Pièces jointes</source>
            <translation>Attachments</translation>
        </message>
        <message>
            <source>Poids du message : {text}</source>
            <translation>Message size: {text}</translation>
        </message>
        <message>
            <source>{total} sur {limit}</source>
            <translation>{total} of {limit}</translation>
        </message>
    </context>
    <context>
        <name>AttachmentBox</name>
        <message>
            <source>Retirer {name}</source>
            <translation>Remove {name}</translation>
        </message>
        <message>
            <source>lecture…</source>
            <translation>reading…</translation>
        </message>
    </context>
    <context>
        <name>AttachmentTiles</name>
        <message>
            <source>1 document de santé</source>
            <translation>1 health document</translation>
        </message>
        <message>
            <source>Annule et remplace une version précédente.</source>
            <translation>Cancels and replaces an earlier version.</translation>
        </message>
        <message>
            <source>Aperçu</source>
            <translation>Preview</translation>
        </message>
        <message>
            <source>Arrêter</source>
            <translation>Stop</translation>
        </message>
        <message>
            <source>Classer</source>
            <translation>File</translation>
        </message>
        <message>
            <source>Classer dans le DUI</source>
            <translation>File in the DUI</translation>
        </message>
        <message>
            <source>Classer à nouveau dans le DUI</source>
            <translation>File in the DUI again</translation>
        </message>
        <message>
            <source>Classé dans le DUI</source>
            <translation>Filed in the DUI</translation>
        </message>
        <message>
            <source>Document sans titre</source>
            <translation>Untitled document</translation>
        </message>
        <message>
            <source>Documents de santé (IHE_XDM)</source>
            <translation>Health documents (IHE_XDM)</translation>
        </message>
        <message>
            <source>Empreinte incorrecte : le contenu reçu n’est pas celui que l’émetteur annonce.</source>
            <translation>Wrong fingerprint: the content received is not the one the sender announces.</translation>
        </message>
        <message>
            <source>Le matricule INS porte une clé incorrecte : vérifiez l’identité.</source>
            <translation>The key of the INS number is wrong: check the identity.</translation>
        </message>
        <message>
            <source>L’émetteur demande la suppression de ce document : à vérifier avec lui.</source>
            <translation>The sender asks for this document to be deleted: check with them.</translation>
        </message>
        <message>
            <source>Ouvrir dans un autre programme…</source>
            <translation>Open in another program…</translation>
        </message>
        <message>
            <source>Pièce jointe sans nom</source>
            <translation>Unnamed attachment</translation>
        </message>
        <message>
            <source>Réception de {name}</source>
            <translation>Receiving {name}</translation>
        </message>
        <message>
            <source>avec son PDF</source>
            <translation>with its PDF</translation>
        </message>
        <message>
            <source>{verb} : {name}</source>
            <translation>{verb}: {name}</translation>
        </message>
        <message>
            <source>Enregistrer…</source>
            <translation>Save…</translation>
        </message>
        <message>
            <source>version {n}</source>
            <translation>version {n}</translation>
        </message>
        <message>
            <source>{about}, en cours de réception…</source>
            <translation>{about}, being received…</translation>
        </message>
        <message>
            <source>{about}, n’a pas pu être reçue</source>
            <translation>{about}, could not be received</translation>
        </message>
        <message>
            <source>{files}, dont {health}</source>
            <translation>{files}, including {health}</translation>
        </message>
        <message>
            <source>{kind}, {size}</source>
            <translation>{kind}, {size}</translation>
        </message>
        <message>
            <source>{name}, {about}</source>
            <translation>{name}, {about}</translation>
        </message>
        <message>
            <source>{n} documents de santé</source>
            <translation>{n} health documents</translation>
        </message>
    </context>
    <context>
        <name>BalsPage</name>
        <message>
            <source>Adresse de la boîte à ajouter</source>
            <translation>Address of the mailbox to add</translation>
        </message>
        <message>
            <source>Ajouter</source>
            <translation>Add</translation>
        </message>
        <message>
            <source>Boîte ajoutée : {label}</source>
            <translation>Mailbox added: {label}</translation>
        </message>
        <message>
            <source>Indiquez une adresse complète.</source>
            <translation>Enter a complete address.</translation>
        </message>
        <message>
            <source>L’administrateur de ce poste a fixé la liste des boîtes.</source>
            <translation>The administrator of this workstation has set the list of mailboxes.</translation>
        </message>
        <message>
            <source>Recherche de l’opérateur de cette adresse…</source>
            <translation>Looking for the operator of this address…</translation>
        </message>
        <message>
            <source>Une boîte de service s’ouvre avec votre propre identité, si son responsable l’a permis.</source>
            <translation>A service mailbox opens with your own identity, if the person in charge of it has allowed this.</translation>
        </message>
        <message>
            <source>Vos boîtes</source>
            <translation>Your mailboxes</translation>
        </message>
        <message>
            <source>accès refusé</source>
            <translation>access refused</translation>
        </message>
        <message>
            <source>adresse@domaine.mssante.fr</source>
            <translation>address@domain.mssante.fr</translation>
        </message>
        <message>
            <source>connexion…</source>
            <translation>connecting…</translation>
        </message>
        <message>
            <source>en attente</source>
            <translation>waiting</translation>
        </message>
        <message>
            <source>en ligne</source>
            <translation>online</translation>
        </message>
        <message>
            <source>hors ligne</source>
            <translation>offline</translation>
        </message>
        <message>
            <source>{used} sur {limit}</source>
            <translation>{used} of {limit}</translation>
        </message>
    </context>
    <context>
        <name>Button</name>
        <message>
            <source>{label} ({keys})</source>
            <translation>{label} ({keys})</translation>
        </message>
    </context>
    <context>
        <name>CardTile</name>
        <message>
            <source>Aucun lecteur de carte n’est branché.</source>
            <translation>No card reader is plugged in.</translation>
        </message>
        <message>
            <source>Aucune carte dans le lecteur.</source>
            <translation>No card in the reader.</translation>
        </message>
        <message>
            <source>Carte de {name} détectée ({profession}).</source>
            <translation>Card of {name} detected ({profession}).</translation>
        </message>
        <message>
            <source>Carte de {name} détectée.</source>
            <translation>Card of {name} detected.</translation>
        </message>
        <message>
            <source>Carte professionnelle détectée.</source>
            <translation>Professional card detected.</translation>
        </message>
        <message>
            <source>Ce n’est pas la carte de la personne qui s’est identifiée.</source>
            <translation>This is not the card of the person who signed in.</translation>
        </message>
        <message>
            <source>Ce poste ne sait pas lire les cartes : utilisez l’application e-CPS.</source>
            <translation>This workstation cannot read cards: use the e-CPS app.</translation>
        </message>
        <message>
            <source>Cette carte n’est pas une carte de professionnel de santé.</source>
            <translation>This card is not a health professional’s card.</translation>
        </message>
        <message>
            <source>C’est une carte Vitale : insérez votre carte professionnelle.</source>
            <translation>This is a Vitale card: insert your professional card.</translation>
        </message>
        <message>
            <source>La carte ne répond pas : retirez-la, puis remettez-la puce vers l’avant.</source>
            <translation>The card is not responding: remove it, then insert it again chip first.</translation>
        </message>
        <message>
            <source>La carte n’a pas pu être lue.</source>
            <translation>The card could not be read.</translation>
        </message>
        <message>
            <source>{said} Carte de test.</source>
            <translation>{said} Test card.</translation>
        </message>
        <message>
            <source>{said} Ce n’est pas celle de la session verrouillée.</source>
            <translation>{said} It is not the card of the locked session.</translation>
        </message>
        <message>
            <source>{who} Dans le lecteur : {name}.</source>
            <translation>{who} In the reader: {name}.</translation>
        </message>
    </context>
    <context>
        <name>Chip</name>
        <message>
            <source>Retirer {name}</source>
            <translation>Remove {name}</translation>
        </message>
        <message>
            <source>{name}, {address}</source>
            <translation>{name}, {address}</translation>
        </message>
    </context>
    <context>
        <name>ChooseActivity</name>
        <message>
            <source>Bonjour {name}</source>
            <translation>Hello {name}</translation>
        </message>
        <message>
            <source>Continuer</source>
            <translation>Continue</translation>
        </message>
        <message>
            <source>Fermer cette session</source>
            <translation>Close this session</translation>
        </message>
        <message>
            <source>Vous exercez à plusieurs endroits. Choisissez l’activité de cette session : elle accompagne vos messages. Vous pourrez en changer dans les réglages.</source>
            <translation>You practise in several places. Choose the activity for this session: it goes with your messages. You can change it in the settings.</translation>
        </message>
    </context>
    <context>
        <name>CommandPalette</name>
        <message>
            <source>   ({keys})</source>
            <translation>   ({keys})</translation>
        </message>
        <message>
            <source>Chercher une commande</source>
            <translation>Find a command</translation>
        </message>
        <message>
            <source>Commandes</source>
            <translation>Commands</translation>
        </message>
        <message>
            <source>Commandes trouvées</source>
            <translation>Commands found</translation>
        </message>
        <message>
            <source>Que voulez-vous faire ?</source>
            <translation>What would you like to do?</translation>
        </message>
    </context>
    <context>
        <name>ComposeHeader</name>
        <message>
            <source>Cc :</source>
            <translation>Cc:</translation>
        </message>
        <message>
            <source>Copie à</source>
            <translation>Copy to</translation>
        </message>
        <message>
            <source>Destinataires : {text}</source>
            <translation>Recipients: {text}</translation>
        </message>
        <message>
            <source>De :</source>
            <translation>From:</translation>
        </message>
        <message>
            <source>Objet</source>
            <translation>Subject</translation>
        </message>
        <message>
            <source>Objet :</source>
            <translation>Subject:</translation>
        </message>
        <message>
            <source>{number} sur {limit}</source>
            <translation>{number} of {limit}</translation>
        </message>
        <message>
            <source>À</source>
            <translation>To</translation>
        </message>
        <message>
            <source>À :</source>
            <translation>To:</translation>
        </message>
        <message>
            <source>Écrire à {address}</source>
            <translation>Write to {address}</translation>
        </message>
    </context>
    <context>
        <name>ComposeWindow</name>
        <message>
            <source>Accusé de &amp;lecture</source>
            <translation>&amp;Read receipt</translation>
        </message>
        <message>
            <source>Accusé de &amp;réception</source>
            <translation>De&amp;livery receipt</translation>
        </message>
        <message>
            <source>Choisissez la boîte d’où part ce message.</source>
            <translation>Choose the mailbox this message is sent from.</translation>
        </message>
        <message>
            <source>Document de santé…</source>
            <translation>Health document…</translation>
        </message>
        <message>
            <source>Enregistré à {time}</source>
            <translation>Saved at {time}</translation>
        </message>
        <message>
            <source>Envoyer</source>
            <translation>Send</translation>
        </message>
        <message>
            <source>Envoyer quand même</source>
            <translation>Send anyway</translation>
        </message>
        <message>
            <source>Garder</source>
            <translation>Keep</translation>
        </message>
        <message>
            <source>Joindre…</source>
            <translation>Attach…</translation>
        </message>
        <message>
            <source>L’&amp;usager ne peut pas répondre</source>
            <translation>The &amp;usager cannot reply</translation>
        </message>
        <message>
            <source>Modifié</source>
            <translation>Modified</translation>
        </message>
        <message>
            <source>Nouveau message</source>
            <translation>New message</translation>
        </message>
        <message>
            <source>Revenir au message</source>
            <translation>Back to the message</translation>
        </message>
        <message>
            <source>Supprimer</source>
            <translation>Delete</translation>
        </message>
        <message>
            <source>Supprimer ce brouillon ? Son texte et ses pièces jointes seront perdus.</source>
            <translation>Delete this draft? Its text and its attachments will be lost.</translation>
        </message>
        <message>
            <source>Supprimer le brouillon</source>
            <translation>Delete the draft</translation>
        </message>
        <message>
            <source>S’identifier à nouveau</source>
            <translation>Sign in again</translation>
        </message>
        <message>
            <source>Texte du message</source>
            <translation>Message text</translation>
        </message>
        <message>
            <source>Une pièce jointe est encore en cours de lecture.</source>
            <translation>An attachment is still being read.</translation>
        </message>
        <message>
            <source>Votre session est terminée : ce message est gardé ici et pourra partir après identification.</source>
            <translation>Your session has ended: this message is kept here and can be sent once you have signed in.</translation>
        </message>
        <message>
            <source>{label} ({keys})</source>
            <translation>{label} ({keys})</translation>
        </message>
        <message>
            <source>{subject} – {bal}[*]</source>
            <translation>{subject} – {bal}[*]</translation>
        </message>
    </context>
    <context>
        <name>ConversationStrip</name>
        <message>
            <source>Conversation : {n} messages</source>
            <translation>Conversation: {n} messages</translation>
        </message>
        <message>
            <source>Messages de la conversation</source>
            <translation>Messages in the conversation</translation>
        </message>
        <message>
            <source>déplié</source>
            <translation>expanded</translation>
        </message>
        <message>
            <source>replié</source>
            <translation>collapsed</translation>
        </message>
        <message>
            <source>{when} – {who} – {subject}</source>
            <translation>{when} – {who} – {subject}</translation>
        </message>
    </context>
    <context>
        <name>DashboardWindow</name>
        <message>
            <source>Calcul…</source>
            <translation>Calculating…</translation>
        </message>
        <message>
            <source>Ce mois-ci</source>
            <translation>This month</translation>
        </message>
        <message>
            <source>Cette année</source>
            <translation>This year</translation>
        </message>
        <message>
            <source>Demandes de suppression</source>
            <translation>Deletion requests</translation>
        </message>
        <message>
            <source>Documents envoyés à des professionnels</source>
            <translation>Documents sent to professionals</translation>
        </message>
        <message>
            <source>Documents envoyés à des usagers</source>
            <translation>Documents sent to usagers</translation>
        </message>
        <message>
            <source>Documents intégrés au dossier</source>
            <translation>Documents added to the record</translation>
        </message>
        <message>
            <source>Documents reçus</source>
            <translation>Documents received</translation>
        </message>
        <message>
            <source>Exporter (CSV)…</source>
            <translation>Export (CSV)…</translation>
        </message>
        <message>
            <source>Exporter le tableau de bord</source>
            <translation>Export the dashboard</translation>
        </message>
        <message>
            <source>L’année dernière</source>
            <translation>Last year</translation>
        </message>
        <message>
            <source>Messages envoyés sans document de santé</source>
            <translation>Messages sent without a health document</translation>
        </message>
        <message>
            <source>Professionnels</source>
            <translation>Professionals</translation>
        </message>
        <message>
            <source>Période</source>
            <translation>Period</translation>
        </message>
        <message>
            <source>Remplacements envoyés</source>
            <translation>Replacements sent</translation>
        </message>
        <message>
            <source>Structures</source>
            <translation>Organisations</translation>
        </message>
        <message>
            <source>Tableau de bord</source>
            <translation>Dashboard</translation>
        </message>
        <message>
            <source>Tableau de bord des échanges</source>
            <translation>Exchange dashboard</translation>
        </message>
        <message>
            <source>Types d’échange</source>
            <translation>Exchange types</translation>
        </message>
        <message>
            <source>au</source>
            <translation>to</translation>
        </message>
        <message>
            <source>avec INS qualifiée</source>
            <translation>with qualified INS</translation>
        </message>
        <message>
            <source>du</source>
            <translation>from</translation>
        </message>
        <message>
            <source>du {first} au {last}</source>
            <translation>from {first} to {last}</translation>
        </message>
        <message>
            <source>mesure</source>
            <translation>measure</translation>
        </message>
        <message>
            <source>nom</source>
            <translation>name</translation>
        </message>
        <message>
            <source>professionnel</source>
            <translation>professional</translation>
        </message>
        <message>
            <source>période</source>
            <translation>period</translation>
        </message>
        <message>
            <source>sans INS qualifiée</source>
            <translation>without qualified INS</translation>
        </message>
        <message>
            <source>structure</source>
            <translation>organisation</translation>
        </message>
        <message>
            <source>total</source>
            <translation>total</translation>
        </message>
        <message>
            <source>type d’échange</source>
            <translation>exchange type</translation>
        </message>
    </context>
    <context>
        <name>Desk</name>
        <message>
            <source>Aucun message ici.</source>
            <translation>No messages here.</translation>
        </message>
        <message>
            <source>Recherche « {words} »</source>
            <translation>Search “{words}”</translation>
        </message>
        <message>
            <source>Rien ne correspond à cette recherche.</source>
            <translation>Nothing matches this search.</translation>
        </message>
        <message>
            <source>Tout est classé.</source>
            <translation>Everything is filed.</translation>
        </message>
        <message>
            <source>Tout est lu.</source>
            <translation>Everything is read.</translation>
        </message>
        <message>
            <source>{place} – {bal}</source>
            <translation>{place} – {bal}</translation>
        </message>
        <message>
            <source>{place}, au nom de {person}</source>
            <translation>{place}, on behalf of {person}</translation>
        </message>
    </context>
    <context>
        <name>DirectoryPage</name>
        <message>
            <source>Actualiser l’annuaire</source>
            <translation>Update the directory</translation>
        </message>
        <message>
            <source>Espace de confiance : {domains} domaines</source>
            <translation>Trust space: {domains} domains</translation>
        </message>
        <message>
            <source>La liste des domaines de confiance n’a pas encore été reçue.</source>
            <translation>The list of trusted domains has not been received yet.</translation>
        </message>
    </context>
    <context>
        <name>DirectoryWindow</name>
        <message>
            <source>1 correspondant</source>
            <translation>1 correspondent</translation>
        </message>
        <message>
            <source>Actualiser</source>
            <translation>Refresh</translation>
        </message>
        <message>
            <source>Adresse copiée : {address}</source>
            <translation>Address copied: {address}</translation>
        </message>
        <message>
            <source>Ajouter à un groupe</source>
            <translation>Add to a group</translation>
        </message>
        <message>
            <source>Ajouté aux favoris</source>
            <translation>Added to favourites</translation>
        </message>
        <message>
            <source>Annuaire Santé</source>
            <translation>Annuaire Santé</translation>
        </message>
        <message>
            <source>Aucun correspondant : essayez moins de mots, ou la ville.</source>
            <translation>No correspondent: try fewer words, or the town.</translation>
        </message>
        <message>
            <source>Aucun favori : l’étoile d’une fiche en ajoute (Ctrl+D).</source>
            <translation>No favourites: the star on a correspondent’s details adds one (Ctrl+D).</translation>
        </message>
        <message>
            <source>Aucun message envoyé depuis ce poste.</source>
            <translation>No messages sent from this workstation.</translation>
        </message>
        <message>
            <source>Rapprocher un fichier…</source>
            <translation>Match a file…</translation>
        </message>
        <message>
            <source>Retiré des favoris</source>
            <translation>Removed from favourites</translation>
        </message>
        <message>
            <source>Correspondants trouvés</source>
            <translation>Correspondents found</translation>
        </message>
        <message>
            <source>Genre de boîte</source>
            <translation>Kind of mailbox</translation>
        </message>
        <message>
            <source>Groupe vide : cherchez un correspondant, puis « Ajouter à un groupe » (Ctrl+G).</source>
            <translation>Empty group: look for a correspondent, then “Add to a group” (Ctrl+G).</translation>
        </message>
        <message>
            <source>Les {number} premiers correspondants ; précisez pour en voir moins.</source>
            <translation>First {number} correspondents; refine the search to see fewer.</translation>
        </message>
        <message>
            <source>Nom, prénom, profession, structure, ville, RPPS, adresse…</source>
            <translation>Surname, first name, profession, organisation, town, RPPS, address…</translation>
        </message>
        <message>
            <source>Rechercher dans l’Annuaire</source>
            <translation>Search the Annuaire</translation>
        </message>
        <message>
            <source>Tapez au moins deux lettres.</source>
            <translation>Type at least two letters.</translation>
        </message>
        <message>
            <source>Toutes les boîtes</source>
            <translation>All mailboxes</translation>
        </message>
        <message>
            <source>{number} correspondants</source>
            <translation>{number} correspondents</translation>
        </message>
        <message>
            <source>Écrire</source>
            <translation>Write</translation>
        </message>
        <message>
            <source>Écrire aux {number} choisis</source>
            <translation>Write to the {number} selected</translation>
        </message>
    </context>
    <context>
        <name>DocumentPage</name>
        <message>
            <source>Document de santé</source>
            <translation>Health document</translation>
        </message>
        <message>
            <source>Rechercher dans le document</source>
            <translation>Search in the document</translation>
        </message>
    </context>
    <context>
        <name>DraftKeeper</name>
        <message>
            <source>image {n}.png</source>
            <translation>image {n}.png</translation>
        </message>
    </context>
    <context>
        <name>DraftsPage</name>
        <message>
            <source>(sans objet)</source>
            <translation>(no subject)</translation>
        </message>
        <message>
            <source>Aucun brouillon.</source>
            <translation>No drafts.</translation>
        </message>
        <message>
            <source>Garder</source>
            <translation>Keep</translation>
        </message>
        <message>
            <source>Mes brouillons</source>
            <translation>My drafts</translation>
        </message>
        <message>
            <source>Supprimer définitivement</source>
            <translation>Delete for good</translation>
        </message>
        <message>
            <source>Supprimer définitivement ce brouillon ? Il ne pourra pas être retrouvé.</source>
            <translation>Delete this draft for good? It cannot be recovered.</translation>
        </message>
        <message>
            <source>commencé sur un autre poste</source>
            <translation>begun on another workstation</translation>
        </message>
        <message>
            <source>modifié aussi ailleurs : ouvrez-le pour choisir</source>
            <translation>also changed elsewhere: open it to choose</translation>
        </message>
        <message>
            <source>sans destinataire</source>
            <translation>no recipient</translation>
        </message>
        <message>
            <source>{subject} – pour {to}</source>
            <translation>{subject} – to {to}</translation>
        </message>
    </context>
    <context>
        <name>EcpsForm</name>
        <message>
            <source>Recevoir la demande</source>
            <translation>Send me the request</translation>
        </message>
        <message>
            <source>Votre numéro RPPS ou identifiant national</source>
            <translation>Your RPPS number or national identifier</translation>
        </message>
    </context>
    <context>
        <name>EntryCard</name>
        <message>
            <source>1 message envoyé, le {day}</source>
            <translation>1 message sent, on {day}</translation>
        </message>
        <message>
            <source>Ajouter aux favoris</source>
            <translation>Add to favourites</translation>
        </message>
        <message>
            <source>Aucun message envoyé à cette adresse depuis ce poste</source>
            <translation>No messages sent to this address from this workstation</translation>
        </message>
        <message>
            <source>Cette adresse a changé de titulaire le {day}.</source>
            <translation>This address changed holder on {day}.</translation>
        </message>
        <message>
            <source>Cette adresse n’est plus à l’Annuaire depuis le {day}.</source>
            <translation>This address has no longer been in the Annuaire since {day}.</translation>
        </message>
        <message>
            <source>Choisissez un correspondant pour voir ses adresses.</source>
            <translation>Choose a correspondent to see their addresses.</translation>
        </message>
        <message>
            <source>Copier l’adresse</source>
            <translation>Copy the address</translation>
        </message>
        <message>
            <source>Copier l’adresse {address}</source>
            <translation>Copy the address {address}</translation>
        </message>
        <message>
            <source>Favori, {address}</source>
            <translation>Favourite, {address}</translation>
        </message>
        <message>
            <source>Fiche du correspondant</source>
            <translation>Correspondent’s details</translation>
        </message>
        <message>
            <source>Groupes : {names}</source>
            <translation>Groups: {names}</translation>
        </message>
        <message>
            <source>Vérifié en ligne : l’adresse figure à l’Annuaire Santé.</source>
            <translation>Checked online: the address is in the Annuaire Santé.</translation>
        </message>
        <message>
            <source>Vérifié en ligne : l’adresse ne figure plus à l’Annuaire Santé.</source>
            <translation>Checked online: the address is no longer in the Annuaire Santé.</translation>
        </message>
        <message>
            <source>Identifiant</source>
            <translation>Identifier</translation>
        </message>
        <message>
            <source>RPPS</source>
            <translation>RPPS</translation>
        </message>
        <message>
            <source>Retirer des favoris</source>
            <translation>Remove from favourites</translation>
        </message>
        <message>
            <source>favori</source>
            <translation>favourite</translation>
        </message>
        <message>
            <source>{kind} {number}</source>
            <translation>{kind} {number}</translation>
        </message>
        <message>
            <source>{kind}, accepte le zéro papier</source>
            <translation>{kind}, accepts paperless exchange</translation>
        </message>
        <message>
            <source>{n} adresses</source>
            <translation>{n} addresses</translation>
        </message>
        <message>
            <source>{n} messages envoyés, le dernier le {day}</source>
            <translation>{n} messages sent, the last on {day}</translation>
        </message>
        <message>
            <source>Écrire</source>
            <translation>Write</translation>
        </message>
        <message>
            <source>Écrire à {address}</source>
            <translation>Write to {address}</translation>
        </message>
    </context>
    <context>
        <name>EntryModel</name>
        <message>
            <source>dans votre département</source>
            <translation>in your département</translation>
        </message>
        <message>
            <source>favori</source>
            <translation>favourite</translation>
        </message>
        <message>
            <source>groupe, 1 membre</source>
            <translation>group, 1 member</translation>
        </message>
        <message>
            <source>groupe, {n} membres</source>
            <translation>group, {n} members</translation>
        </message>
        <message>
            <source>votre département</source>
            <translation>your département</translation>
        </message>
        <message>
            <source>zéro papier</source>
            <translation>paperless</translation>
        </message>
    </context>
    <context>
        <name>FilingPanel</name>
        <message>
            <source>Aucun dossier choisi</source>
            <translation>No folder chosen</translation>
        </message>
        <message>
            <source>Ce document a déjà été classé.</source>
            <translation>This document has already been filed.</translation>
        </message>
        <message>
            <source>Ce document annule et remplace un document déjà transmis.</source>
            <translation>This document cancels and replaces a document sent earlier.</translation>
        </message>
        <message>
            <source>Ce message demande la suppression d’un document déjà transmis.</source>
            <translation>This message asks for a document sent earlier to be deleted.</translation>
        </message>
        <message>
            <source>Choisir…</source>
            <translation>Choose…</translation>
        </message>
        <message>
            <source>Choisissez un type</source>
            <translation>Choose a type</translation>
        </message>
        <message>
            <source>Classement en cours…</source>
            <translation>Filing…</translation>
        </message>
        <message>
            <source>Classer dans le DUI</source>
            <translation>File in the DUI</translation>
        </message>
        <message>
            <source>Classer dans le DUI ({keys})</source>
            <translation>File in the DUI ({keys})</translation>
        </message>
        <message>
            <source>Classer quand même</source>
            <translation>File anyway</translation>
        </message>
        <message>
            <source>Classé : {name}</source>
            <translation>Filed: {name}</translation>
        </message>
        <message>
            <source>Complétez l’usager et le type.</source>
            <translation>Complete the usager and the type.</translation>
        </message>
        <message>
            <source>Confirmez que c’est la même personne.</source>
            <translation>Confirm that this is the same person.</translation>
        </message>
        <message>
            <source>Date de l’acte</source>
            <translation>Date of the act</translation>
        </message>
        <message>
            <source>Document</source>
            <translation>Document</translation>
        </message>
        <message>
            <source>Dossier du DUI</source>
            <translation>DUI folder</translation>
        </message>
        <message>
            <source>Déjà classé de ce message</source>
            <translation>Already filed from this message</translation>
        </message>
        <message>
            <source>Fermer</source>
            <translation>Close</translation>
        </message>
        <message>
            <source>Fermer (Échap)</source>
            <translation>Close (Esc)</translation>
        </message>
        <message>
            <source>Fermer le classement</source>
            <translation>Close filing</translation>
        </message>
        <message>
            <source>Le document a changé depuis son envoi : son empreinte ne concorde pas.</source>
            <translation>The document has changed since it was sent: its fingerprint does not match.</translation>
        </message>
        <message>
            <source>L’administrateur de ce poste a fixé ce dossier.</source>
            <translation>The administrator of this workstation has set this folder.</translation>
        </message>
        <message>
            <source>Numéro de dossier, facultatif</source>
            <translation>Record number, optional</translation>
        </message>
        <message>
            <source>N° de dossier</source>
            <translation>Record no.</translation>
        </message>
        <message>
            <source>Sera rangé sous</source>
            <translation>Will be stored as</translation>
        </message>
        <message>
            <source>Type</source>
            <translation>Type</translation>
        </message>
        <message>
            <source>Type de document</source>
            <translation>Document type</translation>
        </message>
        <message>
            <source>Usager</source>
            <translation>Usager</translation>
        </message>
        <message>
            <source>facultatif</source>
            <translation>optional</translation>
        </message>
        <message>
            <source>{name}, {when}</source>
            <translation>{name}, {when}</translation>
        </message>
    </context>
    <context>
        <name>FilingTrial</name>
        <message>
            <source>Aucun fichier des usagers du DUI n’est configuré sur ce poste.</source>
            <translation>No file of the DUI’s usagers is configured on this workstation.</translation>
        </message>
        <message>
            <source>Essayer le profil sur un exemple</source>
            <translation>Try the profile on an example</translation>
        </message>
        <message>
            <source>Fichier d’accompagnement</source>
            <translation>Companion file</translation>
        </message>
        <message>
            <source>Fichier d’accompagnement de l’exemple</source>
            <translation>Companion file of the example</translation>
        </message>
        <message>
            <source>Le fichier des usagers du DUI n’a pas pu être lu : {path}</source>
            <translation>The file of the DUI’s usagers could not be read: {path}</translation>
        </message>
        <message>
            <source>Rien n’a été écrit. Un classement déposerait, dans cet ordre :</source>
            <translation>Nothing was written. A filing would put there, in this order:</translation>
        </message>
        <message>
            <source>{n} usagers du DUI connus, lus le {when}.</source>
            <translation>{n} usagers of the DUI known, read on {when}.</translation>
        </message>
        <message>
            <source>{n} usagers du DUI connus.</source>
            <translation>{n} usagers of the DUI known.</translation>
        </message>
        <message>
            <source>{n} usagers restent connus.</source>
            <translation>{n} usagers are still known.</translation>
        </message>
    </context>
    <context>
        <name>FilterBar</name>
        <message>
            <source>1 message</source>
            <translation>1 message</translation>
        </message>
        <message>
            <source>Boîtes et dossiers</source>
            <translation>Mailboxes and folders</translation>
        </message>
        <message>
            <source>Boîtes et dossiers (F6)</source>
            <translation>Mailboxes and folders (F6)</translation>
        </message>
        <message>
            <source>Cette boîte</source>
            <translation>This mailbox</translation>
        </message>
        <message>
            <source>Conversations</source>
            <translation>Conversations</translation>
        </message>
        <message>
            <source>Ne chercher que dans cette boîte</source>
            <translation>Search this mailbox only</translation>
        </message>
        <message>
            <source>Non lus</source>
            <translation>Unread</translation>
        </message>
        <message>
            <source>N’afficher que ce qui reste à classer</source>
            <translation>Show only what is still to be filed</translation>
        </message>
        <message>
            <source>N’afficher que les messages non lus</source>
            <translation>Show only unread messages</translation>
        </message>
        <message>
            <source>Une ligne par conversation</source>
            <translation>One line per conversation</translation>
        </message>
        <message>
            <source>{n} messages</source>
            <translation>{n} messages</translation>
        </message>
        <message>
            <source>À classer</source>
            <translation>To file</translation>
        </message>
    </context>
    <context>
        <name>FindBar</name>
        <message>
            <source>Fermer la recherche</source>
            <translation>Close the search</translation>
        </message>
        <message>
            <source>Introuvable</source>
            <translation>Not found</translation>
        </message>
        <message>
            <source>Précédent</source>
            <translation>Previous</translation>
        </message>
        <message>
            <source>Rechercher dans le message</source>
            <translation>Find in the message</translation>
        </message>
        <message>
            <source>Suivant</source>
            <translation>Next</translation>
        </message>
    </context>
    <context>
        <name>FirstAddress</name>
        <message>
            <source>Adresse MSSanté</source>
            <translation>MSSanté address</translation>
        </message>
        <message>
            <source>Bonjour {name}</source>
            <translation>Hello {name}</translation>
        </message>
        <message>
            <source>Indiquez l’adresse MSSanté de votre boîte, personnelle ou de service. Les serveurs de votre opérateur sont trouvés automatiquement.</source>
            <translation>Enter the MSSanté address of your mailbox, personal or service. Your operator’s servers are found automatically.</translation>
        </message>
        <message>
            <source>Ouverture de vos boîtes…</source>
            <translation>Opening your mailboxes…</translation>
        </message>
        <message>
            <source>Ouvrir cette boîte</source>
            <translation>Open this mailbox</translation>
        </message>
        <message>
            <source>Première ouverture</source>
            <translation>First use</translation>
        </message>
        <message>
            <source>Recherche de votre opérateur…</source>
            <translation>Looking for your operator…</translation>
        </message>
        <message>
            <source>prenom.nom@domaine.mssante.fr</source>
            <translation>firstname.surname@domain.mssante.fr</translation>
        </message>
        <message>
            <source>{title}. {text}</source>
            <translation>{title}. {text}</translation>
        </message>
    </context>
    <context>
        <name>FolderNaming</name>
        <message>
            <source>&amp;Nom du dossier</source>
            <translation>Folder &amp;name</translation>
        </message>
        <message>
            <source>Annuler</source>
            <translation>Cancel</translation>
        </message>
        <message>
            <source>Nom du dossier</source>
            <translation>Folder name</translation>
        </message>
    </context>
    <context>
        <name>FolderPage</name>
        <message>
            <source>Aucun dossier choisi</source>
            <translation>No folder chosen</translation>
        </message>
        <message>
            <source>Choisir…</source>
            <translation>Choose…</translation>
        </message>
        <message>
            <source>Dossier du DUI</source>
            <translation>DUI folder</translation>
        </message>
        <message>
            <source>Les documents classés sont déposés dans ce dossier, d’où le logiciel de dossier les reprend.</source>
            <translation>Filed documents are put into this folder, from where the record software picks them up.</translation>
        </message>
        <message>
            <source>L’administrateur de ce poste a fixé ce dossier.</source>
            <translation>The administrator of this workstation has set this folder.</translation>
        </message>
        <message>
            <source>Profil de dépôt : {profile}</source>
            <translation>Filing profile: {profile}</translation>
        </message>
    </context>
    <context>
        <name>FolderTreeModel</name>
        <message>
            <source>Mes brouillons</source>
            <translation>My drafts</translation>
        </message>
        <message>
            <source>Suivi des envois</source>
            <translation>Sent tracking</translation>
        </message>
        <message>
            <source>Tous les non lus</source>
            <translation>All unread</translation>
        </message>
        <message>
            <source>Tout à classer</source>
            <translation>All to file</translation>
        </message>
        <message>
            <source>{label}, {count}</source>
            <translation>{label}, {count}</translation>
        </message>
        <message>
            <source>{label}, {kind}, {address}</source>
            <translation>{label}, {kind}, {address}</translation>
        </message>
        <message>
            <source>{label}, {n}</source>
            <translation>{label}, {n}</translation>
        </message>
        <message>
            <source>À intégrer</source>
            <translation>To add to the record</translation>
        </message>
    </context>
    <context>
        <name>FolderVerbs</name>
        <message>
            <source>Ce dossier n’existe plus.</source>
            <translation>This folder no longer exists.</translation>
        </message>
        <message>
            <source>Ce nom ne convient pas : un nom de dossier s’écrit sans / \ % * et n’est pas « INBOX ».</source>
            <translation>This name will not do: a folder name has no / \ % * and is not “INBOX”.</translation>
        </message>
        <message>
            <source>Créer</source>
            <translation>Create</translation>
        </message>
        <message>
            <source>Garder</source>
            <translation>Keep</translation>
        </message>
        <message>
            <source>Nouveau dossier dans « {place} »</source>
            <translation>New folder in “{place}”</translation>
        </message>
        <message>
            <source>Nouveau dossier…</source>
            <translation>New folder…</translation>
        </message>
        <message>
            <source>Renommer</source>
            <translation>Rename</translation>
        </message>
        <message>
            <source>Renommer le dossier…</source>
            <translation>Rename the folder…</translation>
        </message>
        <message>
            <source>Renommer « {name} »</source>
            <translation>Rename “{name}”</translation>
        </message>
        <message>
            <source>Supprimer définitivement</source>
            <translation>Delete for good</translation>
        </message>
        <message>
            <source>Supprimer définitivement le dossier « {name} » et ses messages ({n}) ? Ils ne pourront pas être retrouvés.</source>
            <translation>Delete the folder “{name}” and its messages ({n}) for good? They cannot be recovered.</translation>
        </message>
        <message>
            <source>Supprimer définitivement le dossier « {name} » ? Il est vide.</source>
            <translation>Delete the folder “{name}” for good? It is empty.</translation>
        </message>
        <message>
            <source>Supprimer le dossier</source>
            <translation>Delete the folder</translation>
        </message>
        <message>
            <source>Tout marquer comme lu</source>
            <translation>Mark all as read</translation>
        </message>
        <message>
            <source>Un dossier de ce nom existe déjà ici.</source>
            <translation>A folder of this name already exists here.</translation>
        </message>
        <message>
            <source>Vider la corbeille</source>
            <translation>Empty the trash</translation>
        </message>
        <message>
            <source>Vider la corbeille : {n} messages supprimés définitivement. Ils ne pourront pas être retrouvés.</source>
            <translation>Empty the trash: {n} messages deleted for good. They cannot be recovered.</translation>
        </message>
        <message>
            <source>Vider la corbeille…</source>
            <translation>Empty the trash…</translation>
        </message>
    </context>
    <context>
        <name>FollowButtons</name>
        <message>
            <source>Annule et remplace…</source>
            <translation>Cancel and replace…</translation>
        </message>
        <message>
            <source>Demander la suppression…</source>
            <translation>Ask for deletion…</translation>
        </message>
    </context>
    <context>
        <name>GroupBar</name>
        <message>
            <source>Ce nom est trop long.</source>
            <translation>This name is too long.</translation>
        </message>
        <message>
            <source>Donnez un nom au groupe.</source>
            <translation>Give the group a name.</translation>
        </message>
        <message>
            <source>Garder</source>
            <translation>Keep</translation>
        </message>
        <message>
            <source>Nom du groupe</source>
            <translation>Group name</translation>
        </message>
        <message>
            <source>Supprimer</source>
            <translation>Delete</translation>
        </message>
        <message>
            <source>Supprimer le groupe</source>
            <translation>Delete the group</translation>
        </message>
        <message>
            <source>Il y a trop de groupes : supprimez-en un.</source>
            <translation>There are too many groups: delete one.</translation>
        </message>
        <message>
            <source>Supprimer le groupe « {name} » ? Ses membres restent dans l’Annuaire.</source>
            <translation>Delete the group “{name}”? Its members stay in the Annuaire.</translation>
        </message>
        <message>
            <source>Un autre groupe porte déjà ce nom.</source>
            <translation>Another group already has this name.</translation>
        </message>
        <message>
            <source>Un groupe a {n} membres au plus, comme un message a {n} destinataires.</source>
            <translation>A group has at most {n} members, as a message has at most {n} recipients.</translation>
        </message>
        <message>
            <source>Un membre n’a pas d’adresse complète.</source>
            <translation>A member has no complete address.</translation>
        </message>
        <message>
            <source>Un usager ne peut pas être membre d’un groupe.</source>
            <translation>A usager cannot be a member of a group.</translation>
        </message>
        <message>
            <source>Écrire au groupe</source>
            <translation>Write to the group</translation>
        </message>
    </context>
    <context>
        <name>GroupDesk</name>
        <message>
            <source>Ajouté au groupe {name}</source>
            <translation>Added to the group {name}</translation>
        </message>
        <message>
            <source>Groupe créé : donnez-lui un nom</source>
            <translation>Group created: give it a name</translation>
        </message>
        <message>
            <source>Nouveau groupe</source>
            <translation>New group</translation>
        </message>
        <message>
            <source>Nouveau groupe {n}</source>
            <translation>New group {n}</translation>
        </message>
        <message>
            <source>Nouveau groupe…</source>
            <translation>New group…</translation>
        </message>
    </context>
    <context>
        <name>HeaderStrip</name>
        <message>
            <source>Trier par {column}</source>
            <translation>Sort by {column}</translation>
        </message>
        <message>
            <source>Trié par {column}, {order}</source>
            <translation>Sorted by {column}, {order}</translation>
        </message>
        <message>
            <source>croissant</source>
            <translation>ascending</translation>
        </message>
        <message>
            <source>décroissant</source>
            <translation>descending</translation>
        </message>
    </context>
    <context>
        <name>HealthSection</name>
        <message>
            <source>Adresser aussi à l’usager, dans Mon espace santé</source>
            <translation>Send to the usager too, in Mon espace santé</translation>
        </message>
        <message>
            <source>Ajouter un document…</source>
            <translation>Add a document…</translation>
        </message>
        <message>
            <source>Ajoutez d’abord un document.</source>
            <translation>Add a document first.</translation>
        </message>
        <message>
            <source>Auteur</source>
            <translation>Author</translation>
        </message>
        <message>
            <source>Auteur : numéro RPPS, vide pour vous-même</source>
            <translation>Author: RPPS number, empty for yourself</translation>
        </message>
        <message>
            <source>Partira : {names}. Objet : {subject}</source>
            <translation>Will be sent: {names}. Subject: {subject}</translation>
        </message>
        <message>
            <source>Documents de santé</source>
            <translation>Health documents</translation>
        </message>
        <message>
            <source>Inconnu de l’annuaire</source>
            <translation>Unknown to the directory</translation>
        </message>
        <message>
            <source>Préparation…</source>
            <translation>Preparing…</translation>
        </message>
        <message>
            <source>Préparer l’envoi</source>
            <translation>Prepare for sending</translation>
        </message>
        <message>
            <source>Retirer</source>
            <translation>Remove</translation>
        </message>
        <message>
            <source>Vous-même, ou le n° RPPS d’un autre professionnel</source>
            <translation>Yourself, or the RPPS no. of another professional</translation>
        </message>
    </context>
    <context>
        <name>IdentityForm</name>
        <message>
            <source>Clé du matricule fausse : vérifiez l’identité.</source>
            <translation>The key of the number is wrong: check the identity.</translation>
        </message>
        <message>
            <source>Clé juste, INS et traits complets.</source>
            <translation>Key correct, INS and traits complete.</translation>
        </message>
        <message>
            <source>Clé juste, mais traits incomplets.</source>
            <translation>Key correct, but traits incomplete.</translation>
        </message>
        <message>
            <source>Clé juste, matricule de test.</source>
            <translation>Key correct, test number.</translation>
        </message>
        <message>
            <source>Date de naissance</source>
            <translation>Date of birth</translation>
        </message>
        <message>
            <source>Identité modifiée : le matricule du document n’est plus joint.</source>
            <translation>Identity changed: the document’s INS number is no longer attached.</translation>
        </message>
        <message>
            <source>JJ/MM/AAAA</source>
            <translation>DD/MM/YYYY</translation>
        </message>
        <message>
            <source>Matricule INS</source>
            <translation>INS number</translation>
        </message>
        <message>
            <source>Naissance</source>
            <translation>Birth</translation>
        </message>
        <message>
            <source>Nom de naissance</source>
            <translation>Birth name</translation>
        </message>
        <message>
            <source>Prénoms</source>
            <translation>First names</translation>
        </message>
        <message>
            <source>Prénoms de naissance</source>
            <translation>First names at birth</translation>
        </message>
        <message>
            <source>Sans INS : comparez les traits avec le dossier avant de classer.</source>
            <translation>No INS: compare the traits with the record before filing.</translation>
        </message>
        <message>
            <source>Sexe</source>
            <translation>Sex</translation>
        </message>
        <message>
            <source>aucun</source>
            <translation>none</translation>
        </message>
    </context>
    <context>
        <name>KeyList</name>
        <message>
            <source>Action</source>
            <translation>Action</translation>
        </message>
        <message>
            <source>Menu</source>
            <translation>Menu</translation>
        </message>
        <message>
            <source>Raccourcis clavier</source>
            <translation>Keyboard shortcuts</translation>
        </message>
        <message>
            <source>Touches</source>
            <translation>Keys</translation>
        </message>
    </context>
    <context>
        <name>Lock</name>
        <message>
            <source>Identifiez-vous dans la fenêtre principale pour reprendre.</source>
            <translation>Identify yourself in the main window to carry on.</translation>
        </message>
        <message>
            <source>Poste verrouillé</source>
            <translation>Workstation locked</translation>
        </message>
        <message>
            <source>Verrouillé – mssclient</source>
            <translation>Locked – mssclient</translation>
        </message>
    </context>
    <context>
        <name>LostPage</name>
        <message>
            <source>Boîte d’expédition</source>
            <translation>Sending mailbox</translation>
        </message>
        <message>
            <source>Ce qui n’est pas arrivé</source>
            <translation>Not arrived</translation>
        </message>
        <message>
            <source>C’est noté</source>
            <translation>Noted</translation>
        </message>
        <message>
            <source>Le message est en cours de réception : recommencez dans un instant.</source>
            <translation>The message is being received: try again in a moment.</translation>
        </message>
        <message>
            <source>Non intégrés</source>
            <translation>Not added</translation>
        </message>
        <message>
            <source>Non remis</source>
            <translation>Not delivered</translation>
        </message>
        <message>
            <source>N’afficher que ceux-là</source>
            <translation>Show only these</translation>
        </message>
        <message>
            <source>Reprendre comme brouillon</source>
            <translation>Take back as a draft</translation>
        </message>
        <message>
            <source>Retardés</source>
            <translation>Delayed</translation>
        </message>
        <message>
            <source>Sans nouvelles</source>
            <translation>No news</translation>
        </message>
        <message>
            <source>Tout ce qui est parti est arrivé.</source>
            <translation>Everything that was sent has arrived.</translation>
        </message>
        <message>
            <source>Toutes les boîtes</source>
            <translation>All mailboxes</translation>
        </message>
        <message>
            <source>Transférer à une autre adresse</source>
            <translation>Forward to another address</translation>
        </message>
        <message>
            <source>{label} ({keys})</source>
            <translation>{label} ({keys})</translation>
        </message>
        <message>
            <source>Écrire à nouveau</source>
            <translation>Write again</translation>
        </message>
    </context>
    <context>
        <name>MailboxTree</name>
        <message>
            <source>Boîtes aux lettres et dossiers</source>
            <translation>Mailboxes and folders</translation>
        </message>
    </context>
    <context>
        <name>MainWindow</name>
        <message>
            <source>Actualiser</source>
            <translation>Refresh</translation>
        </message>
        <message>
            <source>Actualiser l’annuaire</source>
            <translation>Update the directory</translation>
        </message>
        <message>
            <source>Annuaire Santé</source>
            <translation>Annuaire Santé</translation>
        </message>
        <message>
            <source>Changer d’activité…</source>
            <translation>Change activity…</translation>
        </message>
        <message>
            <source>Chercher une commande…</source>
            <translation>Find a command…</translation>
        </message>
        <message>
            <source>Documents à intégrer</source>
            <translation>Documents to add to the record</translation>
        </message>
        <message>
            <source>Déplacer vers</source>
            <translation>Move to</translation>
        </message>
        <message>
            <source>Déplacer vers…</source>
            <translation>Move to…</translation>
        </message>
        <message>
            <source>Environnement de démonstration : aucun message réel</source>
            <translation>Demonstration environment: no real messages</translation>
        </message>
        <message>
            <source>Exporter les traces…</source>
            <translation>Export the traces…</translation>
        </message>
        <message>
            <source>Lecture sous la liste</source>
            <translation>Reading below the list</translation>
        </message>
        <message>
            <source>Liste seule</source>
            <translation>List only</translation>
        </message>
        <message>
            <source>M’oublier sur ce poste…</source>
            <translation>Forget me on this workstation…</translation>
        </message>
        <message>
            <source>Ouvrir le menu</source>
            <translation>Open the menu</translation>
        </message>
        <message>
            <source>Quitter</source>
            <translation>Quit</translation>
        </message>
        <message>
            <source>Raccourcis clavier</source>
            <translation>Keyboard shortcuts</translation>
        </message>
        <message>
            <source>Rechercher dans toutes les boîtes</source>
            <translation>Search all mailboxes</translation>
        </message>
        <message>
            <source>Revenir</source>
            <translation>Back</translation>
        </message>
        <message>
            <source>Réglages</source>
            <translation>Settings</translation>
        </message>
        <message>
            <source>Se déconnecter</source>
            <translation>Sign out</translation>
        </message>
        <message>
            <source>Suivi des envois</source>
            <translation>Sent tracking</translation>
        </message>
        <message>
            <source>S’identifier à nouveau</source>
            <translation>Sign in again</translation>
        </message>
        <message>
            <source>Tableau de bord</source>
            <translation>Dashboard</translation>
        </message>
        <message>
            <source>Trois colonnes</source>
            <translation>Three columns</translation>
        </message>
        <message>
            <source>Une ou deux lignes par message</source>
            <translation>One or two lines per message</translation>
        </message>
        <message>
            <source>Verrouiller</source>
            <translation>Lock</translation>
        </message>
        <message>
            <source>Volet précédent</source>
            <translation>Previous pane</translation>
        </message>
        <message>
            <source>Volet suivant</source>
            <translation>Next pane</translation>
        </message>
        <message>
            <source>mssclient</source>
            <translation>mssclient</translation>
        </message>
        <message>
            <source>{place} – mssclient</source>
            <translation>{place} – mssclient</translation>
        </message>
    </context>
    <context>
        <name>MessageListModel</name>
        <message>
            <source>Messages</source>
            <translation>Messages</translation>
        </message>
    </context>
    <context>
        <name>MessageTable</name>
        <message>
            <source>Messages</source>
            <translation>Messages</translation>
        </message>
    </context>
    <context>
        <name>OutboxView</name>
        <message>
            <source>Aucun message envoyé pour l’instant.</source>
            <translation>No messages sent yet.</translation>
        </message>
        <message>
            <source>Boîte d’envoi ({number})</source>
            <translation>Outbox ({number})</translation>
        </message>
        <message>
            <source>Ce qui n’est pas arrivé ({number})</source>
            <translation>Not arrived ({number})</translation>
        </message>
        <message>
            <source>Documents envoyés</source>
            <translation>Documents sent</translation>
        </message>
        <message>
            <source>Envois</source>
            <translation>Sent messages</translation>
        </message>
        <message>
            <source>Envoyés</source>
            <translation>Sent</translation>
        </message>
        <message>
            <source>À envoyer ({number})</source>
            <translation>To send ({number})</translation>
        </message>
    </context>
    <context>
        <name>Outside</name>
        <message>
            <source>Aucun programme de ce poste ne sait ouvrir ce document. Vous pouvez l’enregistrer.</source>
            <translation>No program on this workstation can open this document. You can save it.</translation>
        </message>
        <message>
            <source>Fermer</source>
            <translation>Close</translation>
        </message>
        <message>
            <source>Ne pas ouvrir</source>
            <translation>Do not open</translation>
        </message>
        <message>
            <source>Ouvrir</source>
            <translation>Open</translation>
        </message>
        <message>
            <source>Ouvrir « {name} » dans un autre programme ? Il reçoit une copie provisoire en lecture seule, effacée au verrouillage du poste : ce que vous y changeriez serait perdu.</source>
            <translation>Open “{name}” in another program? It receives a temporary read-only copy, erased when the workstation locks: anything you change in it would be lost.</translation>
        </message>
    </context>
    <context>
        <name>Panel</name>
        <message>
            <source>Approuver la demande</source>
            <translation>Approve the request</translation>
        </message>
        <message>
            <source>Carte et navigateur</source>
            <translation>Card and browser</translation>
        </message>
        <message>
            <source>Ce panneau joue ce qui entoure le poste de travail. Tout est fictif.</source>
            <translation>This panel plays what surrounds the workstation. Everything is fictitious.</translation>
        </message>
        <message>
            <source>Couper la ligne</source>
            <translation>Cut the line</translation>
        </message>
        <message>
            <source>Courrier</source>
            <translation>Mail</translation>
        </message>
        <message>
            <source>Dernier événement</source>
            <translation>Last event</translation>
        </message>
        <message>
            <source>Faire expirer la session</source>
            <translation>Make the session expire</translation>
        </message>
        <message>
            <source>Insérer la carte</source>
            <translation>Insert the card</translation>
        </message>
        <message>
            <source>Le monde extérieur</source>
            <translation>The outside world</translation>
        </message>
        <message>
            <source>Ligne et session</source>
            <translation>Line and session</translation>
        </message>
        <message>
            <source>Personne</source>
            <translation>Person</translation>
        </message>
        <message>
            <source>Refuser la demande</source>
            <translation>Refuse the request</translation>
        </message>
        <message>
            <source>Retirer la carte</source>
            <translation>Remove the card</translation>
        </message>
        <message>
            <source>Rétablir la ligne</source>
            <translation>Restore the line</translation>
        </message>
        <message>
            <source>Téléphone (e-CPS)</source>
            <translation>Phone (e-CPS)</translation>
        </message>
        <message>
            <source>Un compte rendu arrive (IHE_XDM)</source>
            <translation>A report arrives (IHE_XDM)</translation>
        </message>
        <message>
            <source>Un message arrive</source>
            <translation>A message arrives</translation>
        </message>
        <message>
            <source>Un usager écrit</source>
            <translation>A usager writes</translation>
        </message>
    </context>
    <context>
        <name>PaperList</name>
        <message>
            <source> · version {number}</source>
            <translation> · version {number}</translation>
        </message>
        <message>
            <source> · {count} documents</source>
            <translation> · {count} documents</translation>
        </message>
        <message>
            <source>Ce PDF est</source>
            <translation>This PDF is</translation>
        </message>
        <message>
            <source>Choisir des documents de santé</source>
            <translation>Choose health documents</translation>
        </message>
        <message>
            <source>Choisir le type</source>
            <translation>Choose the type</translation>
        </message>
        <message>
            <source>Date de l’acte</source>
            <translation>Date of the act</translation>
        </message>
        <message>
            <source>Documents (*.pdf *.xml *.zip *.PDF *.XML *.ZIP)</source>
            <translation>Documents (*.pdf *.xml *.zip *.PDF *.XML *.ZIP)</translation>
        </message>
        <message>
            <source>Documents de santé</source>
            <translation>Health documents</translation>
        </message>
        <message>
            <source>JJ/MM/AAAA</source>
            <translation>DD/MM/YYYY</translation>
        </message>
        <message>
            <source>Titre</source>
            <translation>Title</translation>
        </message>
        <message>
            <source>Type</source>
            <translation>Type</translation>
        </message>
        <message>
            <source>Type de document</source>
            <translation>Document type</translation>
        </message>
        <message>
            <source>le même document que {name}</source>
            <translation>the same document as {name}</translation>
        </message>
        <message>
            <source>un document à lui seul</source>
            <translation>a document of its own</translation>
        </message>
        <message>
            <source>{name} (PDF du document ci-dessus)</source>
            <translation>{name} (PDF of the document above)</translation>
        </message>
    </context>
    <context>
        <name>PreviewPanel</name>
        <message>
            <source>Agrandir</source>
            <translation>Zoom in</translation>
        </message>
        <message>
            <source>Ajuster à la largeur</source>
            <translation>Fit to width</translation>
        </message>
        <message>
            <source>Aperçu</source>
            <translation>Preview</translation>
        </message>
        <message>
            <source>Arrêter</source>
            <translation>Stop</translation>
        </message>
        <message>
            <source>Chargement de l’aperçu</source>
            <translation>Loading the preview</translation>
        </message>
        <message>
            <source>Chargement du document…</source>
            <translation>Loading the document…</translation>
        </message>
        <message>
            <source>Choisissez un document pour le voir ici.</source>
            <translation>Choose a document to see it here.</translation>
        </message>
        <message>
            <source>Page du document</source>
            <translation>Page of the document</translation>
        </message>
        <message>
            <source>Page précédente</source>
            <translation>Previous page</translation>
        </message>
        <message>
            <source>Page suivante</source>
            <translation>Next page</translation>
        </message>
        <message>
            <source>Page {page} sur {pages}</source>
            <translation>Page {page} of {pages}</translation>
        </message>
        <message>
            <source>Reprendre</source>
            <translation>Resume</translation>
        </message>
        <message>
            <source>Réception arrêtée : ce qui est déjà là ne sera pas demandé une seconde fois.</source>
            <translation>Receiving stopped: what is already here will not be asked for again.</translation>
        </message>
        <message>
            <source>Réception de la pièce jointe</source>
            <translation>Receiving the attachment</translation>
        </message>
        <message>
            <source>Réduire</source>
            <translation>Zoom out</translation>
        </message>
        <message>
            <source>Réessayer</source>
            <translation>Try again</translation>
        </message>
        <message>
            <source>Texte du document</source>
            <translation>Document text</translation>
        </message>
        <message>
            <source>{label} ({keys})</source>
            <translation>{label} ({keys})</translation>
        </message>
    </context>
    <context>
        <name>ProblemStrip</name>
        <message>
            <source>Copier</source>
            <translation>Copy</translation>
        </message>
        <message>
            <source>Copier les détails</source>
            <translation>Copy the details</translation>
        </message>
        <message>
            <source>Détails</source>
            <translation>Details</translation>
        </message>
        <message>
            <source>Fermer</source>
            <translation>Close</translation>
        </message>
        <message>
            <source>Réessayer</source>
            <translation>Try again</translation>
        </message>
        <message>
            <source>{bal} : {title}</source>
            <translation>{bal}: {title}</translation>
        </message>
        <message>
            <source>{details} (acte : {context}, n° {id})</source>
            <translation>{details} (act: {context}, no. {id})</translation>
        </message>
    </context>
    <context>
        <name>ProposalList</name>
        <message>
            <source>Le logiciel métier n’a rien déposé à envoyer.</source>
            <translation>The business software has put nothing here to send.</translation>
        </message>
        <message>
            <source>et {number} autres</source>
            <translation>and {number} more</translation>
        </message>
        <message>
            <source>À envoyer</source>
            <translation>To send</translation>
        </message>
    </context>
    <context>
        <name>ProposalTile</name>
        <message>
            <source>Ne pas envoyer</source>
            <translation>Do not send</translation>
        </message>
        <message>
            <source>Ouvrir</source>
            <translation>Open</translation>
        </message>
        <message>
            <source>destinataires à choisir</source>
            <translation>recipients to be chosen</translation>
        </message>
    </context>
    <context>
        <name>ReadingHeader</name>
        <message>
            <source>(sans objet)</source>
            <translation>(no subject)</translation>
        </message>
        <message>
            <source>Adresses complètes et taille</source>
            <translation>Full addresses and size</translation>
        </message>
        <message>
            <source>Afficher le message sans mise en forme</source>
            <translation>Show the message without formatting</translation>
        </message>
        <message>
            <source>Cc : {who}</source>
            <translation>Cc: {who}</translation>
        </message>
        <message>
            <source>De : {who}</source>
            <translation>From: {who}</translation>
        </message>
        <message>
            <source>Répondre à : {address}</source>
            <translation>Reply to: {address}</translation>
        </message>
        <message>
            <source>Taille : {size}</source>
            <translation>Size: {size}</translation>
        </message>
        <message>
            <source>Usager : {name}</source>
            <translation>Usager: {name}</translation>
        </message>
        <message>
            <source>À : {to}</source>
            <translation>To: {to}</translation>
        </message>
        <message>
            <source>À : {to} – Cc : {cc}</source>
            <translation>To: {to} – Cc: {cc}</translation>
        </message>
        <message>
            <source>À : {who}</source>
            <translation>To: {who}</translation>
        </message>
        <message>
            <source>Détails</source>
            <translation>Details</translation>
        </message>
        <message>
            <source>INS non qualifiée {number}</source>
            <translation>Unqualified INS {number}</translation>
        </message>
        <message>
            <source>INS qualifiée {number}</source>
            <translation>Qualified INS {number}</translation>
        </message>
        <message>
            <source>Texte seul</source>
            <translation>Text only</translation>
        </message>
        <message>
            <source>né le {date}</source>
            <translation>born {date}</translation>
        </message>
        <message>
            <source>né(e) le {date}</source>
            <translation>born {date}</translation>
        </message>
        <message>
            <source>née le {date}</source>
            <translation>born {date}</translation>
        </message>
    </context>
    <context>
        <name>ReadingPane</name>
        <message>
            <source>Ce lien mène hors de la messagerie, vers « {host} » :
{link}</source>
            <translation>This link leads outside the mail client, to “{host}”:
{link}</translation>
        </message>
        <message>
            <source>Choisissez un message dans la liste.</source>
            <translation>Choose a message in the list.</translation>
        </message>
        <message>
            <source>Copier l’adresse</source>
            <translation>Copy the address</translation>
        </message>
        <message>
            <source>Enregistrer la pièce jointe</source>
            <translation>Save the attachment</translation>
        </message>
        <message>
            <source>Le message que vous avez envoyé a été affiché à l’écran de son destinataire. Cela ne garantit pas qu’il ait été lu ni compris.</source>
            <translation>The message you sent was displayed on its recipient’s screen. This does not guarantee that it was read or understood.</translation>
        </message>
        <message>
            <source>Message</source>
            <translation>Message</translation>
        </message>
        <message>
            <source>Ne pas ouvrir</source>
            <translation>Do not open</translation>
        </message>
        <message>
            <source>Ouvrir</source>
            <translation>Open</translation>
        </message>
        <message>
            <source>Réception du message…</source>
            <translation>Receiving the message…</translation>
        </message>
        <message>
            <source>Texte du message</source>
            <translation>Message text</translation>
        </message>
    </context>
    <context>
        <name>ReceiptsPage</name>
        <message>
            <source>Accusés de lecture de {bal}</source>
            <translation>Read receipts of {bal}</translation>
        </message>
        <message>
            <source>Me demander chaque fois</source>
            <translation>Ask me each time</translation>
        </message>
        <message>
            <source>Ne jamais envoyer</source>
            <translation>Never send</translation>
        </message>
        <message>
            <source>Pour &amp;toutes mes boîtes</source>
            <translation>For &amp;all my mailboxes</translation>
        </message>
        <message>
            <source>Pour toutes mes boîtes</source>
            <translation>For all my mailboxes</translation>
        </message>
        <message>
            <source>Selon la boîte</source>
            <translation>By mailbox</translation>
        </message>
        <message>
            <source>Toujours envoyer</source>
            <translation>Always send</translation>
        </message>
        <message>
            <source>Un expéditeur peut demander un accusé de lecture. Il dit seulement que son message a été affiché, et part sous votre nom. Même avec « Toujours envoyer », vous êtes consulté quand l’adresse de retour paraît douteuse.</source>
            <translation>A sender may ask for a read receipt. It only says that the message was displayed, and goes out under your name. Even with “Always send” you are asked when the return address looks doubtful.</translation>
        </message>
    </context>
    <context>
        <name>RecipientField</name>
        <message>
            <source>Tapez un nom, une profession, une ville ou une adresse ; Entrée ajoute, Retour arrière retire.</source>
            <translation>Type a name, a profession, a town or an address; Enter adds, Backspace removes.</translation>
        </message>
    </context>
    <context>
        <name>ReconcileWindow</name>
        <message>
            <source>Accepter tous les certains</source>
            <translation>Accept all certain ones</translation>
        </message>
        <message>
            <source>Annuler</source>
            <translation>Cancel</translation>
        </message>
        <message>
            <source>Aucun fichier</source>
            <translation>No file</translation>
        </message>
        <message>
            <source>Avancement du rapprochement</source>
            <translation>Matching progress</translation>
        </message>
        <message>
            <source>Certaines</source>
            <translation>Certain</translation>
        </message>
        <message>
            <source>Choisir un fichier CSV…</source>
            <translation>Choose a CSV file…</translation>
        </message>
        <message>
            <source>Correspondants rapprochés</source>
            <translation>Matched correspondents</translation>
        </message>
        <message>
            <source>Doublons</source>
            <translation>Duplicates</translation>
        </message>
        <message>
            <source>Enregistrer le résultat…</source>
            <translation>Save the result…</translation>
        </message>
        <message>
            <source>Fichiers CSV (*.csv *.txt)</source>
            <translation>CSV files (*.csv *.txt)</translation>
        </message>
        <message>
            <source>Le fichier reste tel quel : le résultat est un autre fichier.</source>
            <translation>The file stays as it is: the result is another file.</translation>
        </message>
        <message>
            <source>Lignes affichées</source>
            <translation>Lines shown</translation>
        </message>
        <message>
            <source>Lignes : {n}, certaines : {certain}, acceptées : {accepted}</source>
            <translation>Lines: {n}, certain: {certain}, accepted: {accepted}</translation>
        </message>
        <message>
            <source>Liste de correspondants</source>
            <translation>List of correspondents</translation>
        </message>
        <message>
            <source>Propositions de l’Annuaire pour cette ligne</source>
            <translation>Proposals from the Annuaire for this line</translation>
        </message>
        <message>
            <source>RPPS manquant ou faux</source>
            <translation>RPPS missing or wrong</translation>
        </message>
        <message>
            <source>Rapprocher des correspondants de l’Annuaire</source>
            <translation>Match correspondents with the Annuaire</translation>
        </message>
        <message>
            <source>Résultat du rapprochement</source>
            <translation>Result of the matching</translation>
        </message>
        <message>
            <source>Résultat enregistré : {name}</source>
            <translation>Result saved: {name}</translation>
        </message>
        <message>
            <source>Tous les fichiers (*)</source>
            <translation>All files (*)</translation>
        </message>
        <message>
            <source>Toutes les lignes</source>
            <translation>All lines</translation>
        </message>
        <message>
            <source>{label} ({n})</source>
            <translation>{label} ({n})</translation>
        </message>
    </context>
    <context>
        <name>RecordChoice</name>
        <message>
            <source>Aucun de ces dossiers : saisir l’identité</source>
            <translation>None of these records: enter the identity</translation>
        </message>
        <message>
            <source>Aucun usager des dossiers ne correspond à ce document.</source>
            <translation>No usager in the records matches this document.</translation>
        </message>
        <message>
            <source>Chercher dans les dossiers : nom, naissance, n°</source>
            <translation>Search the records: name, birth, no.</translation>
        </message>
        <message>
            <source>Chercher un usager dans les dossiers</source>
            <translation>Search for a usager in the records</translation>
        </message>
        <message>
            <source>C’est la même personne</source>
            <translation>This is the same person</translation>
        </message>
        <message>
            <source>Document</source>
            <translation>Document</translation>
        </message>
        <message>
            <source>Dossier</source>
            <translation>Record</translation>
        </message>
        <message>
            <source>Dossier de l’usager</source>
            <translation>Usager’s record</translation>
        </message>
        <message>
            <source>Identité exacte : matricule, OID et traits concordent.</source>
            <translation>Exact identity: number, OID and traits match.</translation>
        </message>
        <message>
            <source>Identité proche seulement : comparez avant de classer.</source>
            <translation>Close identity only: compare before filing.</translation>
        </message>
        <message>
            <source>La clé du matricule INS du document est fausse : vérifiez l’identité.</source>
            <translation>The key of the document’s INS number is wrong: check the identity.</translation>
        </message>
        <message>
            <source>Matricule INS</source>
            <translation>INS number</translation>
        </message>
        <message>
            <source>Même matricule, mais l’identité n’est pas exactement la même.</source>
            <translation>Same number, but the identity is not exactly the same.</translation>
        </message>
        <message>
            <source>Mêmes traits, sans INS à comparer.</source>
            <translation>Same traits, with no INS to compare.</translation>
        </message>
        <message>
            <source>Naissance</source>
            <translation>Birth</translation>
        </message>
        <message>
            <source>Nom de naissance</source>
            <translation>Birth name</translation>
        </message>
        <message>
            <source>OID</source>
            <translation>OID</translation>
        </message>
        <message>
            <source>Prénoms</source>
            <translation>First names</translation>
        </message>
        <message>
            <source>Sexe</source>
            <translation>Sex</translation>
        </message>
        <message>
            <source>Vous saisissez l’identité vous-même.</source>
            <translation>You are entering the identity yourself.</translation>
        </message>
        <message>
            <source>{trait} différent : {here} sur le document, {there} au dossier</source>
            <translation>{trait} different: {here} on the document, {there} in the record</translation>
        </message>
        <message>
            <source>≠ différent</source>
            <translation>≠ different</translation>
        </message>
    </context>
    <context>
        <name>RegisterModel</name>
        <message>
            <source>Destinataires</source>
            <translation>Recipients</translation>
        </message>
        <message>
            <source>Devenir</source>
            <translation>Outcome</translation>
        </message>
        <message>
            <source>Envoyé</source>
            <translation>Sent</translation>
        </message>
        <message>
            <source>Objet</source>
            <translation>Subject</translation>
        </message>
        <message>
            <source>Refusé</source>
            <translation>Refused</translation>
        </message>
        <message>
            <source>Sans nouvelles</source>
            <translation>No news</translation>
        </message>
        <message>
            <source>sans objet</source>
            <translation>no subject</translation>
        </message>
    </context>
    <context>
        <name>RegistryView</name>
        <message>
            <source>Acte du {act}, {qualified}. Reçu par : {names}</source>
            <translation>Act of {act}, {qualified}. Received by: {names}</translation>
        </message>
        <message>
            <source>Aucun document de santé envoyé pour l’instant.</source>
            <translation>No health document sent yet.</translation>
        </message>
        <message>
            <source>Document</source>
            <translation>Document</translation>
        </message>
        <message>
            <source>Documents envoyés</source>
            <translation>Documents sent</translation>
        </message>
        <message>
            <source>Envoyé</source>
            <translation>Sent</translation>
        </message>
        <message>
            <source>INS qualifiée</source>
            <translation>qualified INS</translation>
        </message>
        <message>
            <source>Usager</source>
            <translation>Usager</translation>
        </message>
        <message>
            <source>Version</source>
            <translation>Version</translation>
        </message>
        <message>
            <source>dernière version</source>
            <translation>latest version</translation>
        </message>
        <message>
            <source>remplace une version</source>
            <translation>replaces a version</translation>
        </message>
        <message>
            <source>remplacé depuis</source>
            <translation>replaced since</translation>
        </message>
        <message>
            <source>sans INS qualifiée</source>
            <translation>no qualified INS</translation>
        </message>
        <message>
            <source>suppression demandée</source>
            <translation>deletion requested</translation>
        </message>
        <message>
            <source>État</source>
            <translation>Status</translation>
        </message>
    </context>
    <context>
        <name>RenditionBox</name>
        <message>
            <source>Forme du document</source>
            <translation>Form of the document</translation>
        </message>
        <message>
            <source>Forme du document : texte structuré, PDF, image</source>
            <translation>Form of the document: structured text, PDF, image</translation>
        </message>
    </context>
    <context>
        <name>RivalNotice</name>
        <message>
            <source>Ce brouillon a aussi été modifié depuis un autre poste, où il dit : « {words} »</source>
            <translation>This draft was also changed on another workstation, where it says: “{words}”</translation>
        </message>
        <message>
            <source>Ce brouillon a aussi été modifié depuis un autre poste.</source>
            <translation>This draft was also changed on another workstation.</translation>
        </message>
        <message>
            <source>Ce brouillon a été envoyé ou supprimé depuis un autre poste.</source>
            <translation>This draft was sent or deleted on another workstation.</translation>
        </message>
        <message>
            <source>Garder cette version</source>
            <translation>Keep this version</translation>
        </message>
        <message>
            <source>Garder les deux</source>
            <translation>Keep both</translation>
        </message>
        <message>
            <source>Le garder ici</source>
            <translation>Keep it here</translation>
        </message>
        <message>
            <source>Le supprimer ici aussi</source>
            <translation>Delete it here too</translation>
        </message>
        <message>
            <source>Prendre l’autre</source>
            <translation>Take the other</translation>
        </message>
    </context>
    <context>
        <name>RowPainter</name>
        <message>
            <source>(sans objet)</source>
            <translation>(no subject)</translation>
        </message>
    </context>
    <context>
        <name>SearchHints</name>
        <message>
            <source>Compléter la recherche</source>
            <translation>Complete the search</translation>
        </message>
    </context>
    <context>
        <name>SenderLine</name>
        <message>
            <source>De</source>
            <translation>From</translation>
        </message>
        <message>
            <source>Par délégation : vous écrivez pour quelqu’un d’autre</source>
            <translation>By delegation: you are writing for someone else</translation>
        </message>
        <message>
            <source>{label} &lt;{address}&gt;</source>
            <translation>{label} &lt;{address}&gt;</translation>
        </message>
    </context>
    <context>
        <name>SessionBar</name>
        <message>
            <source>Fermer</source>
            <translation>Close</translation>
        </message>
        <message>
            <source>Par e-CPS</source>
            <translation>With e-CPS</translation>
        </message>
        <message>
            <source>Prolonger la session avec l’application e-CPS</source>
            <translation>Extend the session with the e-CPS app</translation>
        </message>
        <message>
            <source>Prolonger la session dans le navigateur (Ctrl+Maj+I)</source>
            <translation>Extend the session in the browser (Ctrl+Shift+I)</translation>
        </message>
        <message>
            <source>S’identifier à nouveau</source>
            <translation>Sign in again</translation>
        </message>
        <message>
            <source>Une autre personne s’est identifiée : votre session n’a pas été prolongée.</source>
            <translation>Someone else signed in: your session was not extended.</translation>
        </message>
        <message>
            <source>Votre session Pro Santé Connect se termine à {time}.</source>
            <translation>Your Pro Santé Connect session ends at {time}.</translation>
        </message>
        <message>
            <source>Votre session est prolongée jusqu’à {time}.</source>
            <translation>Your session is extended until {time}.</translation>
        </message>
        <message>
            <source>Votre session est prolongée.</source>
            <translation>Your session is extended.</translation>
        </message>
        <message>
            <source>Votre session est terminée : vous pouvez lire et rédiger ; rien ne part et rien n’arrive avant une nouvelle identification.</source>
            <translation>Your session has ended: you can read and write; nothing is sent and nothing arrives until you sign in again.</translation>
        </message>
        <message>
            <source>{title}. {text}</source>
            <translation>{title}. {text}</translation>
        </message>
    </context>
    <context>
        <name>SettingsDialog</name>
        <message>
            <source>&amp;Apparence</source>
            <translation>&amp;Appearance</translation>
        </message>
        <message>
            <source>&amp;Boîtes</source>
            <translation>&amp;Mailboxes</translation>
        </message>
        <message>
            <source>&amp;DUI</source>
            <translation>&amp;DUI</translation>
        </message>
        <message>
            <source>A&amp;ccusés</source>
            <translation>Re&amp;ceipts</translation>
        </message>
        <message>
            <source>A&amp;nnuaire</source>
            <translation>Di&amp;rectory</translation>
        </message>
        <message>
            <source>Ce p&amp;oste</source>
            <translation>This &amp;workstation</translation>
        </message>
        <message>
            <source>Fermer</source>
            <translation>Close</translation>
        </message>
        <message>
            <source>Pages des réglages</source>
            <translation>Settings pages</translation>
        </message>
        <message>
            <source>Réglages</source>
            <translation>Settings</translation>
        </message>
        <message>
            <source>À &amp;propos</source>
            <translation>A&amp;bout</translation>
        </message>
    </context>
    <context>
        <name>Side</name>
        <message>
            <source>Adresse MSSanté</source>
            <translation>MSSanté address</translation>
        </message>
        <message>
            <source>Code postal</source>
            <translation>Postcode</translation>
        </message>
        <message>
            <source>Critères</source>
            <translation>Criteria</translation>
        </message>
        <message>
            <source>Effacer les critères</source>
            <translation>Clear the criteria</translation>
        </message>
        <message>
            <source>Favoris</source>
            <translation>Favourites</translation>
        </message>
        <message>
            <source>Groupe {name}, {n} membres</source>
            <translation>Group {name}, {n} members</translation>
        </message>
        <message>
            <source>Listes de correspondants</source>
            <translation>Lists of correspondents</translation>
        </message>
        <message>
            <source>Nom d’exercice</source>
            <translation>Professional surname</translation>
        </message>
        <message>
            <source>Nouveau groupe</source>
            <translation>New group</translation>
        </message>
        <message>
            <source>Profession</source>
            <translation>Profession</translation>
        </message>
        <message>
            <source>Prénom</source>
            <translation>First name</translation>
        </message>
        <message>
            <source>RPPS</source>
            <translation>RPPS</translation>
        </message>
        <message>
            <source>Raison sociale</source>
            <translation>Organisation name</translation>
        </message>
        <message>
            <source>Recherche</source>
            <translation>Search</translation>
        </message>
        <message>
            <source>Récents</source>
            <translation>Recent</translation>
        </message>
        <message>
            <source>Spécialité</source>
            <translation>Speciality</translation>
        </message>
        <message>
            <source>Ville</source>
            <translation>Town</translation>
        </message>
    </context>
    <context>
        <name>SignInScreen</name>
        <message>
            <source>Fermer cette session</source>
            <translation>Close this session</translation>
        </message>
        <message>
            <source>Environnement de démonstration : personnes et messages fictifs.</source>
            <translation>Demonstration environment: fictitious people and messages.</translation>
        </message>
        <message>
            <source>Messagerie sécurisée de santé</source>
            <translation>Secure health messaging</translation>
        </message>
        <message>
            <source>Poste verrouillé</source>
            <translation>Workstation locked</translation>
        </message>
        <message>
            <source>Session de {name}. Identifiez-vous pour la retrouver telle quelle. Si une autre personne s’identifie, elle ouvrira la sienne.</source>
            <translation>Session of {name}. Identify yourself to find it just as it was. If someone else signs in, their own session opens.</translation>
        </message>
        <message>
            <source>S’identifier avec Pro Santé Connect</source>
            <translation>Sign in with Pro Santé Connect</translation>
        </message>
        <message>
            <source>Utiliser l’application e-CPS</source>
            <translation>Use the e-CPS app</translation>
        </message>
        <message>
            <source>{title}. {text}</source>
            <translation>{title}. {text}</translation>
        </message>
    </context>
    <context>
        <name>SignInWait</name>
        <message>
            <source>Adresse copiée.</source>
            <translation>Address copied.</translation>
        </message>
        <message>
            <source>Annuler</source>
            <translation>Cancel</translation>
        </message>
        <message>
            <source>Annuler l’identification (Échap)</source>
            <translation>Cancel signing in (Esc)</translation>
        </message>
        <message>
            <source>Code à comparer : {code}</source>
            <translation>Code to compare: {code}</translation>
        </message>
        <message>
            <source>Copier l’adresse</source>
            <translation>Copy the address</translation>
        </message>
        <message>
            <source>Envoi de la demande à votre application e-CPS…</source>
            <translation>Sending the request to your e-CPS app…</translation>
        </message>
        <message>
            <source>Il reste {minutes} min {seconds} s.</source>
            <translation>{minutes} min {seconds} s left.</translation>
        </message>
        <message>
            <source>Il reste {seconds} s.</source>
            <translation>{seconds} s left.</translation>
        </message>
        <message>
            <source>La demande a expiré : annulez, puis recommencez.</source>
            <translation>The request has expired: cancel, then start again.</translation>
        </message>
        <message>
            <source>Nombre à reconnaître : {digits}</source>
            <translation>Number to recognise: {digits}</translation>
        </message>
        <message>
            <source>Si votre navigateur ne s’est pas ouvert, collez cette adresse dans le vôtre.</source>
            <translation>If your browser did not open, paste this address into it.</translation>
        </message>
        <message>
            <source>Étape 1 sur 2 : identifiez-vous dans votre navigateur. La suite se fait toute seule.</source>
            <translation>Step 1 of 2: identify yourself in your browser. The rest happens by itself.</translation>
        </message>
        <message>
            <source>Étape 1 sur 2 : ouvrez l’application e-CPS sur votre téléphone et choisissez ce nombre.</source>
            <translation>Step 1 of 2: open the e-CPS app on your phone and choose this number.</translation>
        </message>
        <message>
            <source>Étape 1 sur 2 : identifiez-vous dans votre navigateur. Il vous montrera un code : ne confirmez que si c’est celui-ci.</source>
            <translation>Step 1 of 2: identify yourself in your browser. It will show you a code: confirm only if it is this one.</translation>
        </message>
        <message>
            <source>Étape 2 sur 2 : identité reconnue, ouverture de vos boîtes…</source>
            <translation>Step 2 of 2: identity recognised, opening your mailboxes…</translation>
        </message>
    </context>
    <context>
        <name>StatusLine</name>
        <message>
            <source>Actualisation de l’annuaire</source>
            <translation>Updating the directory</translation>
        </message>
        <message>
            <source>Annuaire absent</source>
            <translation>No directory</translation>
        </message>
        <message>
            <source>Avancement</source>
            <translation>Progress</translation>
        </message>
        <message>
            <source>Boîte d’envoi : {n}</source>
            <translation>Outbox: {n}</translation>
        </message>
        <message>
            <source>Boîte d’envoi : {n}, dont {bad} à vérifier</source>
            <translation>Outbox: {n}, of which {bad} to check</translation>
        </message>
        <message>
            <source>Envoi en cours</source>
            <translation>Sending</translation>
        </message>
        <message>
            <source>Hors ligne : on peut lire et écrire, tout partira au retour de la ligne</source>
            <translation>Offline: you can read and write, everything will be sent when the line is back</translation>
        </message>
        <message>
            <source>Ouverture des boîtes</source>
            <translation>Opening the mailboxes</translation>
        </message>
        <message>
            <source>Rapprochement avec l’annuaire</source>
            <translation>Matching with the directory</translation>
        </message>
        <message>
            <source>Réception des en-têtes</source>
            <translation>Receiving headers</translation>
        </message>
        <message>
            <source>Réception d’un message</source>
            <translation>Receiving a message</translation>
        </message>
        <message>
            <source>Réception d’une pièce jointe</source>
            <translation>Receiving an attachment</translation>
        </message>
        <message>
            <source>Session terminée : on peut lire et rédiger, rien ne part et rien n’arrive</source>
            <translation>Session ended: you can read and write, nothing is sent and nothing arrives</translation>
        </message>
        <message>
            <source>Travail en cours</source>
            <translation>Work in progress</translation>
        </message>
        <message>
            <source>Une boîte est hors ligne : nouvel essai automatique</source>
            <translation>One mailbox is offline: trying again automatically</translation>
        </message>
        <message>
            <source>{bal} : accès refusé</source>
            <translation>{bal}: access refused</translation>
        </message>
        <message>
            <source>{bal} : connexion…</source>
            <translation>{bal}: connecting…</translation>
        </message>
        <message>
            <source>{bal} : en ligne</source>
            <translation>{bal}: online</translation>
        </message>
        <message>
            <source>{bal} : hors ligne, nouvel essai automatique</source>
            <translation>{bal}: offline, trying again automatically</translation>
        </message>
        <message>
            <source>{bal} : pas encore ouverte</source>
            <translation>{bal}: not open yet</translation>
        </message>
        <message>
            <source>{n} boîtes sont hors ligne : nouvel essai automatique</source>
            <translation>{n} mailboxes are offline: trying again automatically</translation>
        </message>
        <message>
            <source>{what} : {done} sur {total}</source>
            <translation>{what}: {done} of {total}</translation>
        </message>
        <message>
            <source>{unread}, {n} à classer</source>
            <translation>{unread}, {n} to file</translation>
        </message>
        <message>
            <source>{what}…</source>
            <translation>{what}…</translation>
        </message>
    </context>
    <context>
        <name>Suggestions</name>
        <message>
            <source>Correspondants proposés</source>
            <translation>Suggested correspondents</translation>
        </message>
    </context>
    <context>
        <name>TransferLine</name>
        <message>
            <source>{done} sur {total}</source>
            <translation>{done} of {total}</translation>
        </message>
    </context>
    <context>
        <name>UndoBar</name>
        <message>
            <source>Annuler (Ctrl+Z)</source>
            <translation>Undo (Ctrl+Z)</translation>
        </message>
        <message>
            <source>Fermer</source>
            <translation>Close</translation>
        </message>
    </context>
    <context>
        <name>UsagerForm</name>
        <message>
            <source>Choisir, ou saisir ci-dessous</source>
            <translation>Choose, or enter below</translation>
        </message>
        <message>
            <source>Clé juste, mais traits incomplets.</source>
            <translation>Key correct, but traits incomplete.</translation>
        </message>
        <message>
            <source>Date de naissance</source>
            <translation>Date of birth</translation>
        </message>
        <message>
            <source>Chercher</source>
            <translation>Search</translation>
        </message>
        <message>
            <source>Chercher un usager du dossier</source>
            <translation>Search for a usager in the records</translation>
        </message>
        <message>
            <source>Chercher : nom, date de naissance, n° de dossier</source>
            <translation>Search: name, date of birth, record no.</translation>
        </message>
        <message>
            <source>Clé du matricule fausse : vérifiez l’identité.</source>
            <translation>The key of the number is wrong: check the identity.</translation>
        </message>
        <message>
            <source>INS non qualifiée : le matricule ne sera pas joint.</source>
            <translation>Unqualified INS: the number will not be attached.</translation>
        </message>
        <message>
            <source>INS qualifiée dans le dossier</source>
            <translation>INS qualified in the record</translation>
        </message>
        <message>
            <source>INS qualifiée, clé juste.</source>
            <translation>Qualified INS, key correct.</translation>
        </message>
        <message>
            <source>JJ/MM/AAAA</source>
            <translation>DD/MM/YYYY</translation>
        </message>
        <message>
            <source>Matricule INS</source>
            <translation>INS number</translation>
        </message>
        <message>
            <source>Naissance, sexe</source>
            <translation>Birth, sex</translation>
        </message>
        <message>
            <source>Nom de naissance</source>
            <translation>Birth name</translation>
        </message>
        <message>
            <source>Numéro de dossier</source>
            <translation>Record number</translation>
        </message>
        <message>
            <source>N° de dossier</source>
            <translation>Record no.</translation>
        </message>
        <message>
            <source>Prénoms</source>
            <translation>First names</translation>
        </message>
        <message>
            <source>Prénoms de naissance</source>
            <translation>First names at birth</translation>
        </message>
        <message>
            <source>Sans INS : le document partira avec les seuls traits.</source>
            <translation>No INS: the document will be sent with the traits alone.</translation>
        </message>
        <message>
            <source>Sexe</source>
            <translation>Sex</translation>
        </message>
        <message>
            <source>Usager</source>
            <translation>Usager</translation>
        </message>
    </context>
    <context>
        <name>Verbs</name>
        <message>
            <source>---------- Message transféré ----------</source>
            <translation>---------- Forwarded message ----------</translation>
        </message>
        <message>
            <source>Choisissez des messages d’une même boîte</source>
            <translation>Choose messages from a single mailbox</translation>
        </message>
        <message>
            <source>Garder</source>
            <translation>Keep</translation>
        </message>
        <message>
            <source>Message placé dans la boîte d’envoi.</source>
            <translation>Message placed in the outbox.</translation>
        </message>
        <message>
            <source>Supprimer définitivement</source>
            <translation>Delete permanently</translation>
        </message>
        <message>
            <source>Date : {when}</source>
            <translation>Date: {when}</translation>
        </message>
        <message>
            <source>De : {who}</source>
            <translation>From: {who}</translation>
        </message>
        <message>
            <source>Le {when}, {who} a écrit :</source>
            <translation>On {when}, {who} wrote:</translation>
        </message>
        <message>
            <source>Message placé dans la boîte d’envoi : il part dans {n} s.</source>
            <translation>Message placed in the outbox: it leaves in {n} s.</translation>
        </message>
        <message>
            <source>Objet : {subject}</source>
            <translation>Subject: {subject}</translation>
        </message>
        <message>
            <source>Supprimer définitivement ce message ? Il ne pourra pas être retrouvé.</source>
            <translation>Delete this message permanently? It cannot be recovered.</translation>
        </message>
        <message>
            <source>Supprimer définitivement {n} messages ? Ils ne pourront pas être retrouvés.</source>
            <translation>Delete {n} messages permanently? They cannot be recovered.</translation>
        </message>
        <message>
            <source>À : {to}</source>
            <translation>To: {to}</translation>
        </message>
    </context>
    <context>
        <name>VerdictModel</name>
        <message>
            <source>Accepté</source>
            <translation>Accepted</translation>
        </message>
        <message>
            <source>Adresse connue</source>
            <translation>Known address</translation>
        </message>
        <message>
            <source>Adresse de l’Annuaire</source>
            <translation>Annuaire address</translation>
        </message>
        <message>
            <source>Correspondant</source>
            <translation>Correspondent</translation>
        </message>
        <message>
            <source>Ligne</source>
            <translation>Line</translation>
        </message>
        <message>
            <source>Ligne {n}</source>
            <translation>Line {n}</translation>
        </message>
        <message>
            <source>Pourquoi</source>
            <translation>Why</translation>
        </message>
        <message>
            <source>Résultat</source>
            <translation>Result</translation>
        </message>
        <message>
            <source>accepté</source>
            <translation>accepted</translation>
        </message>
        <message>
            <source>non accepté</source>
            <translation>not accepted</translation>
        </message>
    </context>
    <context>
        <name>WaitingList</name>
        <message>
            <source>Boîte d’envoi</source>
            <translation>Outbox</translation>
        </message>
        <message>
            <source>Rien n’attend : tout est parti.</source>
            <translation>Nothing is waiting: everything has been sent.</translation>
        </message>
        <message>
            <source>et {number} autres</source>
            <translation>and {number} more</translation>
        </message>
    </context>
    <context>
        <name>WaitingTile</name>
        <message>
            <source>Arrêter l’envoi</source>
            <translation>Stop sending</translation>
        </message>
        <message>
            <source>Envoi du message</source>
            <translation>Sending the message</translation>
        </message>
        <message>
            <source>Envoyer maintenant</source>
            <translation>Send now</translation>
        </message>
        <message>
            <source>Il est bien arrivé</source>
            <translation>It did arrive</translation>
        </message>
        <message>
            <source>Renvoyer</source>
            <translation>Send again</translation>
        </message>
        <message>
            <source>Reprendre</source>
            <translation>Take back</translation>
        </message>
        <message>
            <source>depuis {when}</source>
            <translation>since {when}</translation>
        </message>
        <message>
            <source>sans objet</source>
            <translation>no subject</translation>
        </message>
    </context>
    <context>
        <name>Windows</name>
        <message>
            <source>Exporter les traces</source>
            <translation>Export the traces</translation>
        </message>
    </context>
    <context>
        <name>WorkFilters</name>
        <message>
            <source>1 document</source>
            <translation>1 document</translation>
        </message>
        <message>
            <source>Boîte</source>
            <translation>Mailbox</translation>
        </message>
        <message>
            <source>Filtrer par usager, titre, auteur ou structure</source>
            <translation>Filter by usager, title, author or organisation</translation>
        </message>
        <message>
            <source>Tous les types</source>
            <translation>All types</translation>
        </message>
        <message>
            <source>Tous les états</source>
            <translation>All statuses</translation>
        </message>
        <message>
            <source>Toutes les boîtes</source>
            <translation>All mailboxes</translation>
        </message>
        <message>
            <source>Type</source>
            <translation>Type</translation>
        </message>
        <message>
            <source>Usager, titre, auteur…</source>
            <translation>Usager, title, author…</translation>
        </message>
        <message>
            <source>{n} documents</source>
            <translation>{n} documents</translation>
        </message>
        <message>
            <source>À intégrer</source>
            <translation>To add</translation>
        </message>
        <message>
            <source>État</source>
            <translation>Status</translation>
        </message>
    </context>
    <context>
        <name>WorkModel</name>
        <message>
            <source>Documents reçus</source>
            <translation>Documents received</translation>
        </message>
    </context>
    <context>
        <name>WorkStrip</name>
        <message>
            <source>Trier par {column}</source>
            <translation>Sort by {column}</translation>
        </message>
        <message>
            <source>Trié par {column}, {order}</source>
            <translation>Sorted by {column}, {order}</translation>
        </message>
        <message>
            <source>croissant</source>
            <translation>ascending</translation>
        </message>
        <message>
            <source>décroissant</source>
            <translation>descending</translation>
        </message>
    </context>
    <context>
        <name>WorkTable</name>
        <message>
            <source>Documents reçus à intégrer</source>
            <translation>Documents received, to add</translation>
        </message>
    </context>
    <context>
        <name>Workbench</name>
        <message>
            <source>Classer dans le DUI</source>
            <translation>File in the DUI</translation>
        </message>
        <message>
            <source>Ouvrir dans un autre programme</source>
            <translation>Open in another program</translation>
        </message>
        <message>
            <source>Ouvrir dans un autre programme… (Ctrl+Maj+E)</source>
            <translation>Open in another program… (Ctrl+Shift+E)</translation>
        </message>
        <message>
            <source>Retour au message</source>
            <translation>Back to the message</translation>
        </message>
    </context>
    <context>
        <name>WorklistPage</name>
        <message>
            <source>Aucun document ne correspond.</source>
            <translation>No document matches.</translation>
        </message>
        <message>
            <source>Classer dans le DUI</source>
            <translation>File in the DUI</translation>
        </message>
        <message>
            <source>Document écarté : {why}.</source>
            <translation>Document set aside: {why}.</translation>
        </message>
        <message>
            <source>Remettre à intégrer</source>
            <translation>Put back to be added</translation>
        </message>
        <message>
            <source>Rien n’attend : tout ce qui a été reçu est intégré ou écarté.</source>
            <translation>Nothing is waiting: everything received has been added or set aside.</translation>
        </message>
        <message>
            <source>{n} documents écartés : {why}.</source>
            <translation>{n} documents set aside: {why}.</translation>
        </message>
        <message>
            <source>Écarter</source>
            <translation>Set aside</translation>
        </message>
    </context>
    <context>
        <name>WorkstationPage</name>
        <message>
            <source> et </source>
            <translation> and </translation>
        </message>
        <message>
            <source>1 brouillon</source>
            <translation>1 draft</translation>
        </message>
        <message>
            <source>1 message qui n’est pas parti</source>
            <translation>1 message that was not sent</translation>
        </message>
        <message>
            <source>Effacement en cours…</source>
            <translation>Erasing…</translation>
        </message>
        <message>
            <source>Elle accompagne vos messages et les traces de vos actes.</source>
            <translation>It goes with your messages and the traces of your acts.</translation>
        </message>
        <message>
            <source>Exporter les traces</source>
            <translation>Export the traces</translation>
        </message>
        <message>
            <source>Exporter les traces de mes actes…</source>
            <translation>Export the traces of my acts…</translation>
        </message>
        <message>
            <source>M’oublier sur ce poste</source>
            <translation>Forget me on this workstation</translation>
        </message>
        <message>
            <source>Oui, effacer de ce poste tout ce qui concerne {name}</source>
            <translation>Yes, erase from this workstation everything about {name}</translation>
        </message>
        <message>
            <source>Prendre cette activité</source>
            <translation>Take this activity</translation>
        </message>
        <message>
            <source>Seront perdus pour de bon : {what}.</source>
            <translation>Will be lost for good: {what}.</translation>
        </message>
        <message>
            <source>Sécurité des connexions</source>
            <translation>Connection security</translation>
        </message>
        <message>
            <source>Tout effacer et fermer ma session</source>
            <translation>Erase everything and close my session</translation>
        </message>
        <message>
            <source>Vos messages, brouillons, journaux et réglages quittent ce poste, avec la clé qui les protège. Vos boîtes restent intactes chez l’opérateur et les documents déjà classés restent dans le DUI. Les autres personnes qui utilisent ce poste ne perdent rien.</source>
            <translation>Your messages, drafts, journals and settings leave this workstation, with the key that protects them. Your mailboxes remain intact at the operator and the documents already filed stay in the DUI. The other people who use this workstation lose nothing.</translation>
        </message>
        <message>
            <source>Votre activité</source>
            <translation>Your activity</translation>
        </message>
        <message>
            <source>{n} brouillons</source>
            <translation>{n} drafts</translation>
        </message>
        <message>
            <source>{n} messages qui ne sont pas partis</source>
            <translation>{n} messages that have not been sent</translation>
        </message>
    </context>
    <context>
        <name>columns</name>
        <message>
            <source>Date</source>
            <translation>Date</translation>
        </message>
        <message>
            <source>De</source>
            <translation>From</translation>
        </message>
        <message>
            <source>Objet</source>
            <translation>Subject</translation>
        </message>
        <message>
            <source>PJ</source>
            <translation>Att.</translation>
        </message>
        <message>
            <source>Taille</source>
            <translation>Size</translation>
        </message>
        <message>
            <source>Usager</source>
            <translation>Usager</translation>
        </message>
        <message>
            <source>État</source>
            <translation>Status</translation>
        </message>
    </context>
    <context>
        <name>commands</name>
        <message>
            <source>Affichage</source>
            <translation>View</translation>
        </message>
        <message>
            <source>Aide</source>
            <translation>Help</translation>
        </message>
        <message>
            <source>Dossier</source>
            <translation>Folder</translation>
        </message>
        <message>
            <source>Message</source>
            <translation>Message</translation>
        </message>
        <message>
            <source>Messagerie</source>
            <translation>Mail</translation>
        </message>
        <message>
            <source>Outils</source>
            <translation>Tools</translation>
        </message>
    </context>
    <context>
        <name>doctor</name>
        <message>
            <source>Autorités de la messagerie</source>
            <translation>Mail authorities</translation>
        </message>
        <message>
            <source>Autorités des services web</source>
            <translation>Web service authorities</translation>
        </message>
        <message>
            <source>Copie de l’Annuaire : absente, elle sera chargée</source>
            <translation>Copy of the Annuaire: missing, it will be loaded</translation>
        </message>
        <message>
            <source>Copie de l’Annuaire : présente</source>
            <translation>Copy of the Annuaire: present</translation>
        </message>
        <message>
            <source>Dossier d’export du DUI : introuvable</source>
            <translation>DUI export folder: not found</translation>
        </message>
        <message>
            <source>Dossier d’export du DUI : présent</source>
            <translation>DUI export folder: present</translation>
        </message>
        <message>
            <source>Environnement : {}</source>
            <translation>Environment: {}</translation>
        </message>
        <message>
            <source>Le dossier appartient à l’environnement « {} »</source>
            <translation>The folder belongs to the environment “{}”</translation>
        </message>
        <message>
            <source>Le dossier n’appartient encore à aucun environnement</source>
            <translation>The folder does not belong to any environment yet</translation>
        </message>
        <message>
            <source>Lecteur de carte : aucun n’est branché</source>
            <translation>Card reader: none is plugged in</translation>
        </message>
        <message>
            <source>Lecteur de carte : branché</source>
            <translation>Card reader: plugged in</translation>
        </message>
        <message>
            <source>Lecteur de carte : pas de service PC/SC ; e-CPS seulement</source>
            <translation>Card reader: no PC/SC service; e-CPS only</translation>
        </message>
        <message>
            <source>Magasins de courrier sur ce poste : {}</source>
            <translation>Mail stores on this workstation: {}</translation>
        </message>
        <message>
            <source>Réglages du poste : {}</source>
            <translation>Workstation settings: {}</translation>
        </message>
        <message>
            <source>Révocation, {} : aucune liste sur ce poste</source>
            <translation>Revocation, {}: no list on this workstation</translation>
        </message>
        <message>
            <source>Révocation, {} : liste du {}, {} certificats révoqués</source>
            <translation>Revocation, {}: list of {}, {} certificates revoked</translation>
        </message>
        <message>
            <source>Révocation : non consultée, par la politique du poste</source>
            <translation>Revocation: not consulted, by workstation policy</translation>
        </message>
        <message>
            <source>Trousseau du système : absent ; la clé des magasins est dans un fichier, par la politique</source>
            <translation>System keyring: missing; the key of the stores is in a file, by policy</translation>
        </message>
        <message>
            <source>Trousseau du système : absent ; les magasins ne dureront que le temps du programme</source>
            <translation>System keyring: missing; the stores will last only as long as the program runs</translation>
        </message>
        <message>
            <source>Trousseau du système : présent</source>
            <translation>System keyring: present</translation>
        </message>
        <message>
            <source>{} est un fichier, et non un dossier</source>
            <translation>{} is a file, not a folder</translation>
        </message>
        <message>
            <source>{} : installées</source>
            <translation>{}: installed</translation>
        </message>
        <message>
            <source>{} : {} manque ou ne convient pas</source>
            <translation>{}: {} is missing or unsuitable</translation>
        </message>
        <message>
            <source> ; elle est périmée</source>
            <translation>; it is out of date</translation>
        </message>
        <message>
            <source>mssclient {}, Python {}, Qt {}, {}</source>
            <translation>mssclient {}, Python {}, Qt {}, {}</translation>
        </message>
        <message>
            <source>Dossier {} : on ne peut pas y écrire</source>
            <translation>Folder {}: cannot be written to</translation>
        </message>
        <message>
            <source>Dossier {} : {} Mo libres</source>
            <translation>Folder {}: {} MB free</translation>
        </message>
        <message>
            <source>{} n’est pas installé</source>
            <translation>{} is not installed</translation>
        </message>
    </context>
    <context>
        <name>document</name>
        <message>
            <source>Annule et remplace une version précédente</source>
            <translation>Cancels and replaces an earlier version</translation>
        </message>
        <message>
            <source>Auteur</source>
            <translation>Author</translation>
        </message>
        <message>
            <source>Confidentialité</source>
            <translation>Confidentiality</translation>
        </message>
        <message>
            <source>Date de l’acte</source>
            <translation>Date of the act</translation>
        </message>
        <message>
            <source>Document sans titre</source>
            <translation>Untitled document</translation>
        </message>
        <message>
            <source>INS</source>
            <translation>INS</translation>
        </message>
        <message>
            <source>Image annoncée, absente du document.</source>
            <translation>Image announced, missing from the document.</translation>
        </message>
        <message>
            <source>Image du document</source>
            <translation>Image of the document</translation>
        </message>
        <message>
            <source>(nom utilisé : {name})</source>
            <translation>(name used: {name})</translation>
        </message>
        <message>
            <source>La suite n’est pas montrée : ce document est plus long que ce qui s’affiche ici.</source>
            <translation>The rest is not shown: this document is longer than what is displayed here.</translation>
        </message>
        <message>
            <source>Le texte de ce document est dans un autre fichier, qui n’a pas été reçu avec lui.</source>
            <translation>The text of this document is in another file, which was not received with it.</translation>
        </message>
        <message>
            <source>Ouvrir le contenu joint : {kind}</source>
            <translation>Open the attached content: {kind}</translation>
        </message>
        <message>
            <source>Remplacement</source>
            <translation>Replacement</translation>
        </message>
        <message>
            <source>Structure</source>
            <translation>Organisation</translation>
        </message>
        <message>
            <source>Type</source>
            <translation>Type</translation>
        </message>
        <message>
            <source>Usager</source>
            <translation>Usager</translation>
        </message>
        <message>
            <source>Version</source>
            <translation>Version</translation>
        </message>
        <message>
            <source>aucun matricule</source>
            <translation>no INS number</translation>
        </message>
        <message>
            <source>autorité inconnue</source>
            <translation>unknown authority</translation>
        </message>
        <message>
            <source>clé fausse, identité à vérifier</source>
            <translation>wrong key, identity to be checked</translation>
        </message>
        <message>
            <source>lieu de naissance {code}</source>
            <translation>place of birth {code}</translation>
        </message>
        <message>
            <source>masqué aux professionnels</source>
            <translation>hidden from professionals</translation>
        </message>
        <message>
            <source>matricule de test</source>
            <translation>test number</translation>
        </message>
        <message>
            <source>naissance {day}</source>
            <translation>born {day}</translation>
        </message>
        <message>
            <source>non visible par les représentants</source>
            <translation>not visible to representatives</translation>
        </message>
        <message>
            <source>non visible par l’usager</source>
            <translation>not visible to the usager</translation>
        </message>
        <message>
            <source>normale</source>
            <translation>normal</translation>
        </message>
        <message>
            <source>né le {day}</source>
            <translation>born {day}</translation>
        </message>
        <message>
            <source>née le {day}</source>
            <translation>born {day}</translation>
        </message>
        <message>
            <source>qualifiée</source>
            <translation>qualified</translation>
        </message>
        <message>
            <source>restreinte</source>
            <translation>restricted</translation>
        </message>
        <message>
            <source>sexe {sex}</source>
            <translation>sex {sex}</translation>
        </message>
        <message>
            <source>traits incomplets</source>
            <translation>traits incomplete</translation>
        </message>
        <message>
            <source>très restreinte</source>
            <translation>very restricted</translation>
        </message>
        <message>
            <source>{day} à {time}</source>
            <translation>{day} at {time}</translation>
        </message>
        <message>
            <source>{number} ({state})</source>
            <translation>{number} ({state})</translation>
        </message>
    </context>
    <context>
        <name>documents</name>
        <message>
            <source>Annoncé comme document structuré, mais n’est pas un CDA lisible : {}</source>
            <translation>Announced as a structured document, but is not a readable CDA: {}</translation>
        </message>
        <message>
            <source>Aucun document de l’archive ne porte d’INS</source>
            <translation>No document in the archive carries an INS</translation>
        </message>
        <message>
            <source>Ce document annule et remplace une version précédente : {}</source>
            <translation>This document cancels and replaces an earlier version: {}</translation>
        </message>
        <message>
            <source>Ce fichier contient un élément interdit ; il a été refusé.</source>
            <translation>This file contains a forbidden element; it was refused.</translation>
        </message>
        <message>
            <source>Ce fichier dépasse les limites admises ; il a été refusé.</source>
            <translation>This file exceeds the accepted limits; it was refused.</translation>
        </message>
        <message>
            <source>Ce fichier est abîmé ou incomplet ; il n’a pas été lu.</source>
            <translation>This file is damaged or incomplete; it was not read.</translation>
        </message>
        <message>
            <source>Ce fichier est vide.</source>
            <translation>This file is empty.</translation>
        </message>
        <message>
            <source>Ce fichier n’est pas ce qu’il annonce ; il n’a pas été lu.</source>
            <translation>This file is not what it claims to be; it was not read.</translation>
        </message>
        <message>
            <source>Deux documents différents portent le même identifiant : {}</source>
            <translation>Two different documents carry the same identifier: {}</translation>
        </message>
        <message>
            <source>Document de type inconnu</source>
            <translation>Document of unknown type</translation>
        </message>
        <message>
            <source>Document présent deux fois, compté une seule : {}</source>
            <translation>Document present twice, counted once: {}</translation>
        </message>
        <message>
            <source>Document sans nom de fichier, retrouvé par son empreinte : {}</source>
            <translation>Document without a file name, found by its fingerprint: {}</translation>
        </message>
        <message>
            <source>Document structuré que l’archive ne décrit pas : {}</source>
            <translation>Structured document that the archive does not describe: {}</translation>
        </message>
        <message>
            <source>La clé du matricule INS est fausse ; pas de classement automatique : {}</source>
            <translation>The key of the INS number is wrong; no automatic filing: {}</translation>
        </message>
        <message>
            <source>La taille annoncée n’est pas celle du document : {}</source>
            <translation>The announced size is not that of the document: {}</translation>
        </message>
        <message>
            <source>Le matricule INS de l’archive et celui du document diffèrent, identité à vérifier : {}</source>
            <translation>The INS numbers of the archive and of the document differ, identity to be checked: {}</translation>
        </message>
        <message>
            <source>Les documents concernent plusieurs usagers</source>
            <translation>The documents concern several usagers</translation>
        </message>
        <message>
            <source>Les traits d’identité de l’archive et du document diffèrent, identité à vérifier : {}</source>
            <translation>The identity traits of the archive and of the document differ, identity to be checked: {}</translation>
        </message>
        <message>
            <source>L’INS figure dans le document mais pas dans l’archive, identité à vérifier : {}</source>
            <translation>The INS is in the document but not in the archive, identity to be checked: {}</translation>
        </message>
        <message>
            <source>L’archive et le document ne portent pas le même identifiant de document : {}</source>
            <translation>The archive and the document do not carry the same document identifier: {}</translation>
        </message>
        <message>
            <source>L’archive et le document n’annoncent pas le même type : {}</source>
            <translation>The archive and the document do not announce the same type: {}</translation>
        </message>
        <message>
            <source>L’archive ne décrit aucun document : {}</source>
            <translation>The archive describes no document: {}</translation>
        </message>
        <message>
            <source>L’archive n’identifie pas l’usager : {}</source>
            <translation>The archive does not identify the usager: {}</translation>
        </message>
        <message>
            <source>L’archive était elle-même dans une archive : {}</source>
            <translation>The archive was itself inside an archive: {}</translation>
        </message>
        <message>
            <source>L’empreinte annoncée n’est pas celle du document : {}</source>
            <translation>The announced fingerprint is not that of the document: {}</translation>
        </message>
        <message>
            <source>L’expéditeur demande la suppression de ce document ; rien n’est supprimé sans votre décision : {}</source>
            <translation>The sender asks for this document to be deleted; nothing is deleted without your decision: {}</translation>
        </message>
        <message>
            <source>Message hors normes : une partie n’a pas été lue</source>
            <translation>Non-standard message: a part of it was not read</translation>
        </message>
        <message>
            <source>Nom de fichier inexact, document retrouvé par son empreinte : {}</source>
            <translation>Inexact file name, document found by its fingerprint: {}</translation>
        </message>
        <message>
            <source>Particularité relevée : {}</source>
            <translation>Peculiarity noticed: {}</translation>
        </message>
        <message>
            <source>Pas de dossier IHE_XDM dans cette archive : simple fichier ZIP</source>
            <translation>No IHE_XDM submission in this archive: a plain ZIP file</translation>
        </message>
        <message>
            <source>Pièce jointe abîmée, contenu non lu : {}</source>
            <translation>Damaged attachment, content not read: {}</translation>
        </message>
        <message>
            <source>Pièce jointe dangereuse (programme, script ou page active) : {}</source>
            <translation>Dangerous attachment (program, script or active page): {}</translation>
        </message>
        <message>
            <source>Pièce jointe qui n’est pas ce qu’elle annonce : {}</source>
            <translation>Attachment that is not what it claims to be: {}</translation>
        </message>
        <message>
            <source>Pièce jointe refusée, elle contient un élément interdit : {}</source>
            <translation>Attachment refused, it contains a forbidden element: {}</translation>
        </message>
        <message>
            <source>Pièce jointe refusée, son contenu dépasse les limites : {}</source>
            <translation>Attachment refused, its content exceeds the limits: {}</translation>
        </message>
        <message>
            <source>Pièce jointe vide : {}</source>
            <translation>Empty attachment: {}</translation>
        </message>
        <message>
            <source>Un des METADATA.XML de l’archive est illisible : {}</source>
            <translation>One of the archive’s METADATA.XML files is unreadable: {}</translation>
        </message>
        <message>
            <source>Un document annoncé manque dans l’archive : {}</source>
            <translation>An announced document is missing from the archive: {}</translation>
        </message>
    </context>
    <context>
        <name>notes</name>
        <message>
            <source>Ce message n’a pas pu être lu.</source>
            <translation>This message could not be read.</translation>
        </message>
        <message>
            <source>Envoyer l’accusé</source>
            <translation>Send the receipt</translation>
        </message>
        <message>
            <source>Le texte de ce message n’a pas pu être reçu. Il est intact chez l’opérateur.</source>
            <translation>The text of this message could not be received. It is intact at the operator.</translation>
        </message>
        <message>
            <source>L’expéditeur demande un accusé de lecture.</source>
            <translation>The sender asks for a read receipt.</translation>
        </message>
        <message>
            <source>Ne pas envoyer</source>
            <translation>Do not send</translation>
        </message>
        <message>
            <source>Réessayer</source>
            <translation>Try again</translation>
        </message>
        <message>
            <source>Un accusé de lecture est demandé pour {address}, qui n’est pas l’adresse de l’expéditeur. L’envoyer ?</source>
            <translation>A read receipt is requested for {address}, which is not the sender’s address. Send it?</translation>
        </message>
        <message>
            <source>Un contenu distant a été bloqué : rien n’est chargé depuis Internet.</source>
            <translation>Remote content was blocked: nothing is loaded from the Internet.</translation>
        </message>
        <message>
            <source>{n} contenus distants ont été bloqués : rien n’est chargé depuis Internet.</source>
            <translation>{n} pieces of remote content were blocked: nothing is loaded from the Internet.</translation>
        </message>
        <message>
            <source>Échange clos : l’usager ne peut pas répondre tant que vous ne lui écrivez pas à nouveau.</source>
            <translation>Exchange closed: the usager cannot reply until you write to them again.</translation>
        </message>
    </context>
    <context>
        <name>outbox</name>
        <message>
            <source>{who} : {fate}</source>
            <translation>{who}: {fate}</translation>
        </message>
    </context>
    <context>
        <name>reconcile</name>
        <message>
            <source>Ambigu</source>
            <translation>Ambiguous</translation>
        </message>
        <message>
            <source>Ce fichier est abîmé.</source>
            <translation>This file is damaged.</translation>
        </message>
        <message>
            <source>Ce fichier est trop grand : 500 000 lignes ou 64 Mo au plus.</source>
            <translation>This file is too large: 500,000 lines or 64 MB at most.</translation>
        </message>
        <message>
            <source>Ce fichier est vide.</source>
            <translation>This file is empty.</translation>
        </message>
        <message>
            <source>Ce fichier ne peut pas être ouvert.</source>
            <translation>This file cannot be opened.</translation>
        </message>
        <message>
            <source>Ce fichier n’a ni colonne de nom, ni colonne de RPPS ou d’adresse : ce n’est pas le bon.</source>
            <translation>This file has neither a name column nor an RPPS or address column: it is not the right one.</translation>
        </message>
        <message>
            <source>Disparu</source>
            <translation>Gone</translation>
        </message>
        <message>
            <source>Il n’y a pas encore d’Annuaire sur ce poste : actualisez-le d’abord.</source>
            <translation>There is no Directory on this workstation yet: update it first.</translation>
        </message>
        <message>
            <source>Inchangé</source>
            <translation>Unchanged</translation>
        </message>
        <message>
            <source>Introuvable</source>
            <translation>Not found</translation>
        </message>
        <message>
            <source>Modifié</source>
            <translation>Modified</translation>
        </message>
        <message>
            <source>Nouveau</source>
            <translation>New</translation>
        </message>
        <message>
            <source>RPPS arrondi par un tableur</source>
            <translation>RPPS rounded by a spreadsheet</translation>
        </message>
        <message>
            <source>RPPS en double</source>
            <translation>Duplicate RPPS</translation>
        </message>
        <message>
            <source>RPPS erroné</source>
            <translation>Wrong RPPS</translation>
        </message>
        <message>
            <source>RPPS manquant</source>
            <translation>Missing RPPS</translation>
        </message>
        <message>
            <source>adresse déjà connue</source>
            <translation>address already known</translation>
        </message>
        <message>
            <source>adresse en double</source>
            <translation>duplicate address</translation>
        </message>
        <message>
            <source>autre prénom</source>
            <translation>different first name</translation>
        </message>
        <message>
            <source>ce numéro est celui d’une personne d’un autre nom</source>
            <translation>this number belongs to a person with another name</translation>
        </message>
        <message>
            <source>ce numéro n’a pas d’adresse dans l’Annuaire</source>
            <translation>this number has no address in the Directory</translation>
        </message>
        <message>
            <source>l’adresse connue est celle d’un autre correspondant</source>
            <translation>the known address belongs to another correspondent</translation>
        </message>
        <message>
            <source>même code postal</source>
            <translation>same postcode</translation>
        </message>
        <message>
            <source>même commune</source>
            <translation>same town</translation>
        </message>
        <message>
            <source>même département</source>
            <translation>same département</translation>
        </message>
        <message>
            <source>même nom</source>
            <translation>same surname</translation>
        </message>
        <message>
            <source>même numéro RPPS ou ADELI</source>
            <translation>same RPPS or ADELI number</translation>
        </message>
        <message>
            <source>même profession ou spécialité</source>
            <translation>same profession or speciality</translation>
        </message>
        <message>
            <source>même prénom</source>
            <translation>same first name</translation>
        </message>
        <message>
            <source>même structure</source>
            <translation>same organisation</translation>
        </message>
        <message>
            <source>nom en double</source>
            <translation>duplicate name</translation>
        </message>
        <message>
            <source>nom proche</source>
            <translation>similar surname</translation>
        </message>
        <message>
            <source>plusieurs boîtes de la même personne</source>
            <translation>several mailboxes of the same person</translation>
        </message>
        <message>
            <source>plusieurs personnes conviennent</source>
            <translation>several people match</translation>
        </message>
        <message>
            <source>prénom proche ou initiale</source>
            <translation>similar first name or initial</translation>
        </message>
        <message>
            <source>{told} ({score} sur 100)</source>
            <translation>{told} ({score} out of 100)</translation>
        </message>
    </context>
    <context>
        <name>renditions</name>
        <message>
            <source>Document structuré</source>
            <translation>Structured document</translation>
        </message>
        <message>
            <source>PDF joint au message</source>
            <translation>PDF attached to the message</translation>
        </message>
    </context>
    <context>
        <name>report</name>
        <message>
            <source>Attention : {}</source>
            <translation>Warning: {}</translation>
        </message>
        <message>
            <source>De : {}</source>
            <translation>From: {}</translation>
        </message>
        <message>
            <source>Document : {}</source>
            <translation>Document: {}</translation>
        </message>
        <message>
            <source>Nature : {}</source>
            <translation>Kind: {}</translation>
        </message>
        <message>
            <source>Objet : {}</source>
            <translation>Subject: {}</translation>
        </message>
        <message>
            <source>Pièce jointe : {} ({}, {} octets)</source>
            <translation>Attachment: {} ({}, {} bytes)</translation>
        </message>
        <message>
            <source>Réponse automatique : {}</source>
            <translation>Automatic reply: {}</translation>
        </message>
        <message>
            <source>archive IHE_XDM</source>
            <translation>IHE_XDM archive</translation>
        </message>
        <message>
            <source>autre</source>
            <translation>other</translation>
        </message>
        <message>
            <source>document CDA</source>
            <translation>CDA document</translation>
        </message>
        <message>
            <source>message</source>
            <translation>message</translation>
        </message>
        <message>
            <source>À : {}</source>
            <translation>To: {}</translation>
        </message>
    </context>
    <context>
        <name>toolbar</name>
        <message>
            <source>Annuler</source>
            <translation>Undo</translation>
        </message>
        <message>
            <source>Annuler la dernière action</source>
            <translation>Undo the last action</translation>
        </message>
        <message>
            <source>Barre d’outils</source>
            <translation>Toolbar</translation>
        </message>
        <message>
            <source>Classer</source>
            <translation>File</translation>
        </message>
        <message>
            <source>Classer dans le DUI</source>
            <translation>File in the DUI</translation>
        </message>
        <message>
            <source>Déplacer</source>
            <translation>Move</translation>
        </message>
        <message>
            <source>Lu ou non lu</source>
            <translation>Read or unread</translation>
        </message>
        <message>
            <source>Marquer</source>
            <translation>Mark</translation>
        </message>
        <message>
            <source>Marquer comme lu</source>
            <translation>Mark as read</translation>
        </message>
        <message>
            <source>Marquer comme non lu</source>
            <translation>Mark as unread</translation>
        </message>
        <message>
            <source>Menu</source>
            <translation>Menu</translation>
        </message>
        <message>
            <source>Menu (F10)</source>
            <translation>Menu (F10)</translation>
        </message>
        <message>
            <source>Non lu précédent</source>
            <translation>Previous unread</translation>
        </message>
        <message>
            <source>Non lu suivant</source>
            <translation>Next unread</translation>
        </message>
        <message>
            <source>Nouveau</source>
            <translation>New</translation>
        </message>
        <message>
            <source>Nouveau message</source>
            <translation>New message</translation>
        </message>
        <message>
            <source>Ouvrir dans un autre programme…</source>
            <translation>Open in another program…</translation>
        </message>
        <message>
            <source>Personne connectée : {name}</source>
            <translation>Signed in: {name}</translation>
        </message>
        <message>
            <source>Rechercher (Ctrl+K)</source>
            <translation>Search (Ctrl+K)</translation>
        </message>
        <message>
            <source>Rechercher dans le message</source>
            <translation>Find in the message</translation>
        </message>
        <message>
            <source>Rechercher dans toutes les boîtes</source>
            <translation>Search all mailboxes</translation>
        </message>
        <message>
            <source>Répondre</source>
            <translation>Reply</translation>
        </message>
        <message>
            <source>Répondre à tous</source>
            <translation>Reply to all</translation>
        </message>
        <message>
            <source>Supprimer</source>
            <translation>Delete</translation>
        </message>
        <message>
            <source>Transférer</source>
            <translation>Forward</translation>
        </message>
        <message>
            <source>À suivre</source>
            <translation>Follow up</translation>
        </message>
        <message>
            <source>À tous</source>
            <translation>Reply all</translation>
        </message>
    </context>
    <context>
        <name>wording</name>
        <message>
            <source>1 non lu</source>
            <translation>1 unread</translation>
        </message>
        <message>
            <source>1 pièce jointe</source>
            <translation>1 attachment</translation>
        </message>
        <message>
            <source>1er</source>
            <translation>1</translation>
        </message>
        <message>
            <source>9,4</source>
            <translation>9.4</translation>
        </message>
        <message>
            <source>9 300</source>
            <translation>9,300</translation>
        </message>
        <message>
            <source>Accusé de lecture</source>
            <translation>Read receipt</translation>
        </message>
        <message>
            <source>Adresse mal formée.</source>
            <translation>Badly formed address.</translation>
        </message>
        <message>
            <source>Adresse refusée.</source>
            <translation>Address refused.</translation>
        </message>
        <message>
            <source>Affiché chez le destinataire</source>
            <translation>Displayed at the recipient’s end</translation>
        </message>
        <message>
            <source>Annuaire en cours d’actualisation…</source>
            <translation>Updating the directory…</translation>
        </message>
        <message>
            <source>Annuaire : {n} adresses</source>
            <translation>Directory: {n} addresses</translation>
        </message>
        <message>
            <source>Annulé</source>
            <translation>Cancelled</translation>
        </message>
        <message>
            <source>Archive ZIP</source>
            <translation>ZIP archive</translation>
        </message>
        <message>
            <source>Archives</source>
            <translation>Archive</translation>
        </message>
        <message>
            <source>Arrivé, mais non intégré au dossier</source>
            <translation>Arrived, but not added to the record</translation>
        </message>
        <message>
            <source>Aucun annuaire sur ce poste : actualisez-le pour chercher un correspondant.</source>
            <translation>No directory on this workstation: update it to look for a correspondent.</translation>
        </message>
        <message>
            <source>Aucun chemin vers le serveur du destinataire.</source>
            <translation>No route to the recipient’s server.</translation>
        </message>
        <message>
            <source>Aucun lecteur de carte</source>
            <translation>No card reader</translation>
        </message>
        <message>
            <source>Aucun message n’est perdu.</source>
            <translation>No message is lost.</translation>
        </message>
        <message>
            <source>Aucun trousseau ne peut garder la clé : vos brouillons et les envois en attente seront perdus à la fermeture du programme. Vos messages restent chez l’opérateur.</source>
            <translation>No keyring can keep the key: your drafts and the messages waiting to be sent will be lost when the program closes. Your messages remain at the operator.</translation>
        </message>
        <message>
            <source>Aucune carte dans le lecteur</source>
            <translation>No card in the reader</translation>
        </message>
        <message>
            <source>Aucune liste de certificats révoqués n’a encore pu être obtenue.</source>
            <translation>No list of revoked certificates could be obtained yet.</translation>
        </message>
        <message>
            <source>Aucune liste valable : les boîtes aux lettres restent fermées jusqu’à ce qu’il y en ait une.</source>
            <translation>No valid list: the mailboxes stay closed until there is one.</translation>
        </message>
        <message>
            <source>Aucune session n’a été ouverte.</source>
            <translation>No session was opened.</translation>
        </message>
        <message>
            <source>Auteur du document non habilité, selon le logiciel du destinataire.</source>
            <translation>Author of the document not authorised, according to the recipient’s software.</translation>
        </message>
        <message>
            <source>Avis de remise</source>
            <translation>Delivery notice</translation>
        </message>
        <message>
            <source>Boîte applicative</source>
            <translation>Application mailbox</translation>
        </message>
        <message>
            <source>Boîte de cabinet</source>
            <translation>Practice mailbox</translation>
        </message>
        <message>
            <source>Boîte de réception</source>
            <translation>Inbox</translation>
        </message>
        <message>
            <source>Boîte de service</source>
            <translation>Service mailbox</translation>
        </message>
        <message>
            <source>Boîte inconnue : cette adresse n’existe pas chez le destinataire.</source>
            <translation>Unknown mailbox: this address does not exist at the recipient’s end.</translation>
        </message>
        <message>
            <source>Boîte personnelle</source>
            <translation>Personal mailbox</translation>
        </message>
        <message>
            <source>Branchez le lecteur ; il sera reconnu tout seul.</source>
            <translation>Plug in the reader; it will be recognised by itself.</translation>
        </message>
        <message>
            <source>Brouillons</source>
            <translation>Drafts</translation>
        </message>
        <message>
            <source>Ce document a déjà été classé</source>
            <translation>This document has already been filed</translation>
        </message>
        <message>
            <source>Ce document ne peut pas être affiché</source>
            <translation>This document cannot be displayed</translation>
        </message>
        <message>
            <source>Ce domaine ne reçoit pas de messages.</source>
            <translation>This domain does not receive messages.</translation>
        </message>
        <message>
            <source>Ce dossier n’existe plus chez l’opérateur.</source>
            <translation>This folder no longer exists at the operator.</translation>
        </message>
        <message>
            <source>Ce fichier n’a pas été joint</source>
            <translation>This file was not attached</translation>
        </message>
        <message>
            <source>Ce genre de fichier n’est pas admis dans le DUI.</source>
            <translation>This kind of file is not accepted in the DUI.</translation>
        </message>
        <message>
            <source>Ce message ne peut pas partir tel quel</source>
            <translation>This message cannot be sent as it stands</translation>
        </message>
        <message>
            <source>Ce message ne peut pas être affiché</source>
            <translation>This message cannot be displayed</translation>
        </message>
        <message>
            <source>Ce n’est pas le genre de fichier annoncé.</source>
            <translation>It is not the kind of file announced.</translation>
        </message>
        <message>
            <source>Ce poste exige une liste de révocation valable, et n’en a pas.</source>
            <translation>This workstation requires a valid revocation list, and has none.</translation>
        </message>
        <message>
            <source>Ce poste ne garde rien d’une ouverture à l’autre</source>
            <translation>This workstation keeps nothing from one opening to the next</translation>
        </message>
        <message>
            <source>Ce poste ne gère pas les lecteurs de carte</source>
            <translation>This workstation does not support card readers</translation>
        </message>
        <message>
            <source>Ce poste n’a pas le droit d’écrire dans le dossier du DUI.</source>
            <translation>This workstation is not allowed to write to the DUI folder.</translation>
        </message>
        <message>
            <source>Ce qui reste de vous sur ce poste sera effacé à la prochaine ouverture.</source>
            <translation>What remains of you on this workstation will be erased at the next opening.</translation>
        </message>
        <message>
            <source>Ce qui était déjà enregistré est intact, mais plus rien ne peut l’être. Libérez de la place, puis réessayez.</source>
            <translation>What was already saved is intact, but nothing more can be saved. Free some space, then try again.</translation>
        </message>
        <message>
            <source>Cet usager s’est opposé aux envois dans Mon espace santé : retirez-le des destinataires.</source>
            <translation>This usager has objected to messages being sent to Mon espace santé: remove them from the recipients.</translation>
        </message>
        <message>
            <source>Cet usager s’est opposé aux échanges de ses documents entre professionnels.</source>
            <translation>This usager has objected to their documents being exchanged between professionals.</translation>
        </message>
        <message>
            <source>Cette boîte est presque pleine</source>
            <translation>This mailbox is almost full</translation>
        </message>
        <message>
            <source>Cette boîte ne peut pas être ouverte</source>
            <translation>This mailbox cannot be opened</translation>
        </message>
        <message>
            <source>Cette carte n’est pas une carte CPS</source>
            <translation>This card is not a CPS card</translation>
        </message>
        <message>
            <source>Cette réponse automatique ne nomme aucun destinataire.</source>
            <translation>This automatic reply names no recipient.</translation>
        </message>
        <message>
            <source>Cette version du document est dépassée ; elle n’a pas été écrite dans le DUI.</source>
            <translation>This version of the document is superseded; it was not written to the DUI.</translation>
        </message>
        <message>
            <source>Cherchez son adresse actuelle dans l’annuaire.</source>
            <translation>Look up their current address in the directory.</translation>
        </message>
        <message>
            <source>Choisir le dossier…</source>
            <translation>Choose the folder…</translation>
        </message>
        <message>
            <source>Choisissez le type du document « {about} ».</source>
            <translation>Choose the type of the document “{about}”.</translation>
        </message>
        <message>
            <source>Choisissez-en un autre.</source>
            <translation>Choose another one.</translation>
        </message>
        <message>
            <source>Classer quand même</source>
            <translation>File anyway</translation>
        </message>
        <message>
            <source>Classez puis supprimez des messages.</source>
            <translation>File, then delete messages.</translation>
        </message>
        <message>
            <source>Corbeille</source>
            <translation>Wastebasket</translation>
        </message>
        <message>
            <source>C’est une carte Vitale</source>
            <translation>This is a Vitale card</translation>
        </message>
        <message>
            <source>Demandez à l’expéditeur de vous l’envoyer de nouveau.</source>
            <translation>Ask the sender to send it to you again.</translation>
        </message>
        <message>
            <source>Demandez à l’expéditeur un autre exemplaire.</source>
            <translation>Ask the sender for another copy.</translation>
        </message>
        <message>
            <source>Destinataire</source>
            <translation>Recipient</translation>
        </message>
        <message>
            <source>Deux environnements sont mélangés</source>
            <translation>Two environments are mixed together</translation>
        </message>
        <message>
            <source>Document OpenDocument</source>
            <translation>OpenDocument document</translation>
        </message>
        <message>
            <source>Document Word</source>
            <translation>Word document</translation>
        </message>
        <message>
            <source>Document XML</source>
            <translation>XML document</translation>
        </message>
        <message>
            <source>Domaine inconnu : aucun serveur ne reçoit de messages pour cette adresse.</source>
            <translation>Unknown domain: no server receives messages for this address.</translation>
        </message>
        <message>
            <source>Dossier renommé en « {name} ».</source>
            <translation>Folder renamed to “{name}”.</translation>
        </message>
        <message>
            <source>Dossier « {name} » créé.</source>
            <translation>Folder “{name}” created.</translation>
        </message>
        <message>
            <source>Dossier « {name} » mis à la corbeille.</source>
            <translation>Folder “{name}” moved to the trash.</translation>
        </message>
        <message>
            <source>Dossier « {name} » supprimé définitivement.</source>
            <translation>Folder “{name}” deleted for good.</translation>
        </message>
        <message>
            <source>Elle est intacte, et vos messages aussi chez l’opérateur. Le relais de l’établissement n’a pas donné sa part de la clé : prévenez votre service informatique.</source>
            <translation>It is intact, and so are your messages at the operator. Your institution’s relay did not give its share of the key: tell your IT department.</translation>
        </message>
        <message>
            <source>Elle n’est pas sur ce poste.</source>
            <translation>It is not on this workstation.</translation>
        </message>
        <message>
            <source>Envoi en cours.</source>
            <translation>Sending.</translation>
        </message>
        <message>
            <source>Envoyez les pièces jointes en plusieurs messages.</source>
            <translation>Send the attachments in several messages.</translation>
        </message>
        <message>
            <source>Envoyés</source>
            <translation>Sent</translation>
        </message>
        <message>
            <source>Fermer</source>
            <translation>Close</translation>
        </message>
        <message>
            <source>Fichier</source>
            <translation>File</translation>
        </message>
        <message>
            <source>Fichier {extension}</source>
            <translation>{extension} file</translation>
        </message>
        <message>
            <source>Hors MSSanté</source>
            <translation>Outside MSSanté</translation>
        </message>
        <message>
            <source>Identifiez l’usager : nom de naissance, premier prénom, date de naissance et sexe.</source>
            <translation>Identify the usager: birth name, first given name, date of birth and sex.</translation>
        </message>
        <message>
            <source>Il est déjà parti ; son devenir se lit dans les messages envoyés.</source>
            <translation>It has already been sent; see its outcome in the sent messages.</translation>
        </message>
        <message>
            <source>Il est gardé comme brouillon.</source>
            <translation>It is kept as a draft.</translation>
        </message>
        <message>
            <source>Il est revenu à sa place avec ses messages.</source>
            <translation>It is back in its place with its messages.</translation>
        </message>
        <message>
            <source>Il est trop tard pour reprendre ce message</source>
            <translation>It is too late to take this message back</translation>
        </message>
        <message>
            <source>Il ne propose pas une connexion assez protégée.</source>
            <translation>It does not offer a sufficiently protected connection.</translation>
        </message>
        <message>
            <source>Il n’a pas été écrit une seconde fois.</source>
            <translation>It was not written a second time.</translation>
        </message>
        <message>
            <source>Image {format}</source>
            <translation>{format} image</translation>
        </message>
        <message>
            <source>Imagerie DICOM</source>
            <translation>DICOM imaging</translation>
        </message>
        <message>
            <source>Incident temporaire chez le destinataire.</source>
            <translation>Temporary incident at the recipient’s end.</translation>
        </message>
        <message>
            <source>Indiquez au moins un destinataire.</source>
            <translation>Enter at least one recipient.</translation>
        </message>
        <message>
            <source>Indiquez la date de l’acte du document « {about} ».</source>
            <translation>Enter the date of the act of the document “{about}”.</translation>
        </message>
        <message>
            <source>Indésirables</source>
            <translation>Junk</translation>
        </message>
        <message>
            <source>Insérez une carte de la famille CPx : CPS, CPF, CPE ou CPA.</source>
            <translation>Insert a card of the CPx family: CPS, CPF, CPE or CPA.</translation>
        </message>
        <message>
            <source>Insérez votre carte CPS, puce vers le lecteur.</source>
            <translation>Insert your CPS card, chip towards the reader.</translation>
        </message>
        <message>
            <source>Intégré au dossier</source>
            <translation>Added to the record</translation>
        </message>
        <message>
            <source>Intégré dans le dossier par le logiciel du destinataire</source>
            <translation>Added to the record by the recipient’s software</translation>
        </message>
        <message>
            <source>Joignez le destinataire autrement, puis renvoyez plus tard.</source>
            <translation>Reach the recipient another way, then send again later.</translation>
        </message>
        <message>
            <source>La boîte a été transférée ailleurs, sans suivi.</source>
            <translation>The mailbox was moved elsewhere, without forwarding.</translation>
        </message>
        <message>
            <source>La boîte du destinataire est pleine.</source>
            <translation>The recipient’s mailbox is full.</translation>
        </message>
        <message>
            <source>La boîte du destinataire est suspendue ou désactivée.</source>
            <translation>The recipient’s mailbox is suspended or disabled.</translation>
        </message>
        <message>
            <source>La boîte du destinataire ne peut pas recevoir.</source>
            <translation>The recipient’s mailbox cannot receive messages.</translation>
        </message>
        <message>
            <source>La boîte est occupée par un autre poste.</source>
            <translation>The mailbox is in use on another workstation.</translation>
        </message>
        <message>
            <source>La carte ne répond pas</source>
            <translation>The card is not responding</translation>
        </message>
        <message>
            <source>La clé de votre copie locale a disparu du trousseau</source>
            <translation>The key of your local copy has disappeared from the keyring</translation>
        </message>
        <message>
            <source>La configuration publiée pour ce domaine manque ou n’est pas cohérente.</source>
            <translation>The configuration published for this domain is missing or inconsistent.</translation>
        </message>
        <message>
            <source>La connexion n’a pas abouti</source>
            <translation>The sign-in did not succeed</translation>
        </message>
        <message>
            <source>La copie locale des messages est abîmée</source>
            <translation>The local copy of the messages is damaged</translation>
        </message>
        <message>
            <source>La copie locale ne peut pas être déchiffrée</source>
            <translation>The local copy cannot be decrypted</translation>
        </message>
        <message>
            <source>La demande a expiré avant d’être acceptée.</source>
            <translation>The request expired before it was accepted.</translation>
        </message>
        <message>
            <source>La demande a été refusée ou annulée dans Pro Santé Connect.</source>
            <translation>The request was refused or cancelled in Pro Santé Connect.</translation>
        </message>
        <message>
            <source>La demande n’a pas été acceptée sur le téléphone.</source>
            <translation>The request was not accepted on the phone.</translation>
        </message>
        <message>
            <source>La liaison avec le serveur du destinataire a été coupée.</source>
            <translation>The connection to the recipient’s server was cut.</translation>
        </message>
        <message>
            <source>La ligne a été coupée pendant l’envoi. Le message est gardé et ne repartira pas sans votre accord : ouvrez la boîte d’envoi pour décider.</source>
            <translation>The line was cut during sending. The message is kept and will not be sent again without your agreement: open the outbox to decide.</translation>
        </message>
        <message>
            <source>La ligne a été coupée pendant l’envoi : le message est peut-être arrivé. Il ne repartira pas sans votre accord.</source>
            <translation>The line was cut during sending: the message may have arrived. It will not be sent again without your agreement.</translation>
        </message>
        <message>
            <source>La liste de diffusion n’a pas pu être développée.</source>
            <translation>The distribution list could not be expanded.</translation>
        </message>
        <message>
            <source>La messagerie est déjà ouverte sur ce poste</source>
            <translation>The mail client is already open on this workstation</translation>
        </message>
        <message>
            <source>La personne identifiée n’est pas celle de la carte</source>
            <translation>The person identified is not the card’s holder</translation>
        </message>
        <message>
            <source>La pièce jointe est intacte chez l’opérateur.</source>
            <translation>The attachment is intact at the operator.</translation>
        </message>
        <message>
            <source>La pièce jointe n’a pas été modifiée.</source>
            <translation>The attachment was not changed.</translation>
        </message>
        <message>
            <source>La pièce jointe n’a pas été ouverte</source>
            <translation>The attachment was not opened</translation>
        </message>
        <message>
            <source>La référence du produit (X-MSS-NIL) n’est pas configurée : prévenez votre service informatique.</source>
            <translation>The product reference (X-MSS-NIL) is not configured: tell your IT department.</translation>
        </message>
        <message>
            <source>La session qui venait de s’ouvrir a été refermée, rien n’a été envoyé.</source>
            <translation>The session that had just opened was closed again, nothing was sent.</translation>
        </message>
        <message>
            <source>Le brouillon est gardé sur ce poste.</source>
            <translation>The draft is kept on this workstation.</translation>
        </message>
        <message>
            <source>Le brouillon est intact, sans cette pièce jointe.</source>
            <translation>The draft is intact, without this attachment.</translation>
        </message>
        <message>
            <source>Le brouillon n’a pas pu être copié chez l’opérateur</source>
            <translation>The draft could not be copied to the operator</translation>
        </message>
        <message>
            <source>Le compte est désactivé chez l’opérateur.</source>
            <translation>The account is disabled at the operator.</translation>
        </message>
        <message>
            <source>Le contenu du message n’est pas accepté.</source>
            <translation>The content of the message is not accepted.</translation>
        </message>
        <message>
            <source>Le contenu n’est pas d’un genre accepté.</source>
            <translation>The content is not of an accepted kind.</translation>
        </message>
        <message>
            <source>Le disque de ce poste est plein</source>
            <translation>The disk of this workstation is full</translation>
        </message>
        <message>
            <source>Le disque du dossier du DUI est plein.</source>
            <translation>The disk of the DUI folder is full.</translation>
        </message>
        <message>
            <source>Le document ne porte pas d’INS.</source>
            <translation>The document carries no INS.</translation>
        </message>
        <message>
            <source>Le document n’a pas été classé</source>
            <translation>The document was not filed</translation>
        </message>
        <message>
            <source>Le dossier a gardé son nom</source>
            <translation>The folder kept its name</translation>
        </message>
        <message>
            <source>Le dossier du DUI a disparu pendant l’écriture ; rien n’y reste à moitié écrit.</source>
            <translation>The DUI folder disappeared during writing; nothing half-written remains there.</translation>
        </message>
        <message>
            <source>Le dossier du DUI est introuvable ou n’a pas encore été choisi.</source>
            <translation>The DUI folder cannot be found or has not been chosen yet.</translation>
        </message>
        <message>
            <source>Le dossier du DUI n’accepte pas ce nom de fichier ; raccourcissez le type.</source>
            <translation>The DUI folder does not accept this file name; shorten the type.</translation>
        </message>
        <message>
            <source>Le dossier n’a pas pu être rétabli</source>
            <translation>The folder could not be restored</translation>
        </message>
        <message>
            <source>Le dossier n’a pas été créé</source>
            <translation>The folder was not created</translation>
        </message>
        <message>
            <source>Le dossier n’a pas été supprimé</source>
            <translation>The folder was not deleted</translation>
        </message>
        <message>
            <source>Le fichier contient ce que la sécurité interdit d’ouvrir.</source>
            <translation>The file contains something that security forbids opening.</translation>
        </message>
        <message>
            <source>Le fichier dépasse ce que ce poste accepte d’ouvrir.</source>
            <translation>The file exceeds what this workstation agrees to open.</translation>
        </message>
        <message>
            <source>Le fichier est abîmé.</source>
            <translation>The file is damaged.</translation>
        </message>
        <message>
            <source>Le fichier est vide.</source>
            <translation>The file is empty.</translation>
        </message>
        <message>
            <source>Le journal garde la trace de ce classement : vérifiez le dossier du DUI.</source>
            <translation>The journal keeps a trace of this filing: check the DUI folder.</translation>
        </message>
        <message>
            <source>Le logiciel du destinataire a répondu : « {words} ».</source>
            <translation>The recipient’s software replied: “{words}”.</translation>
        </message>
        <message>
            <source>Le logiciel du destinataire n’a pas pu intégrer le document.</source>
            <translation>The recipient’s software could not add the document.</translation>
        </message>
        <message>
            <source>Le message dépasse les {size} admis par votre opérateur. Retirez une pièce jointe.</source>
            <translation>The message exceeds the {size} your operator accepts. Remove an attachment.</translation>
        </message>
        <message>
            <source>Le message est bien parti ; seule sa copie dans Envoyés attend.</source>
            <translation>The message has been sent; only its copy in Sent is waiting.</translation>
        </message>
        <message>
            <source>Le message est intact chez l’opérateur.</source>
            <translation>The message is intact at the operator.</translation>
        </message>
        <message>
            <source>Le message est resté comme il était.</source>
            <translation>The message stayed as it was.</translation>
        </message>
        <message>
            <source>Le message est vide.</source>
            <translation>The message is empty.</translation>
        </message>
        <message>
            <source>Le message n’a pas pu être remis dans le délai.</source>
            <translation>The message could not be delivered in time.</translation>
        </message>
        <message>
            <source>Le message n’est pas parti ; il est redevenu un brouillon, rien n’en est perdu.</source>
            <translation>The message was not sent; it is a draft again, nothing of it is lost.</translation>
        </message>
        <message>
            <source>Le message reçu n’a pas été modifié.</source>
            <translation>The received message was not changed.</translation>
        </message>
        <message>
            <source>Le message tourne en boucle entre deux serveurs.</source>
            <translation>The message is looping between two servers.</translation>
        </message>
        <message>
            <source>Le relais de ce poste ne représente pas le Pro Santé Connect attendu.</source>
            <translation>This workstation’s relay does not represent the expected Pro Santé Connect.</translation>
        </message>
        <message>
            <source>Le serveur a répondu : « {words} ».</source>
            <translation>The server replied: “{words}”.</translation>
        </message>
        <message>
            <source>Le serveur du destinataire est en difficulté.</source>
            <translation>The recipient’s server is in difficulty.</translation>
        </message>
        <message>
            <source>Le serveur du destinataire est plein.</source>
            <translation>The recipient’s server is full.</translation>
        </message>
        <message>
            <source>Le serveur du destinataire ne reçoit pas en ce moment.</source>
            <translation>The recipient’s server is not receiving at the moment.</translation>
        </message>
        <message>
            <source>Le serveur du destinataire ne répond pas.</source>
            <translation>The recipient’s server is not responding.</translation>
        </message>
        <message>
            <source>Le serveur du destinataire n’a pas pu être joint.</source>
            <translation>The recipient’s server could not be reached.</translation>
        </message>
        <message>
            <source>Le serveur est trop chargé.</source>
            <translation>The server is overloaded.</translation>
        </message>
        <message>
            <source>Le service des cartes à puce (PC/SC) n’est pas installé ou pas démarré.</source>
            <translation>The smart card service (PC/SC) is not installed or not started.</translation>
        </message>
        <message>
            <source>Le service est momentanément indisponible</source>
            <translation>The service is temporarily unavailable</translation>
        </message>
        <message>
            <source>Le texte parle d’une pièce jointe, mais il n’y en a pas.</source>
            <translation>The text mentions an attachment, but there is none.</translation>
        </message>
        <message>
            <source>Le trousseau de la session est verrouillé : la clé y est encore.</source>
            <translation>The session keyring is locked: the key is still in it.</translation>
        </message>
        <message>
            <source>Le trousseau de votre session est verrouillé</source>
            <translation>Your session’s keyring is locked</translation>
        </message>
        <message>
            <source>Les autorités de confiance de ce poste sont incomplètes</source>
            <translation>The trusted authorities of this workstation are incomplete</translation>
        </message>
        <message>
            <source>Les certificats révoqués ne peuvent pas être vérifiés</source>
            <translation>Revoked certificates cannot be checked</translation>
        </message>
        <message>
            <source>Les certificats révoqués ne sont pas recherchés : c’est le choix de l’administrateur.</source>
            <translation>Revoked certificates are not looked up: this is the administrator’s choice.</translation>
        </message>
        <message>
            <source>Les deux serveurs ne se sont pas compris.</source>
            <translation>The two servers did not understand each other.</translation>
        </message>
        <message>
            <source>Les documents de santé ne sont pas prêts : préparez-les avant d’envoyer.</source>
            <translation>The health documents are not ready: prepare them before sending.</translation>
        </message>
        <message>
            <source>Les messages déjà reçus sur ce poste restent lisibles.</source>
            <translation>The messages already received on this workstation can still be read.</translation>
        </message>
        <message>
            <source>Les messages que vous y aviez mis sont revenus à leur place.</source>
            <translation>The messages you had put there are back in their place.</translation>
        </message>
        <message>
            <source>Les traits d’identité sont incomplets.</source>
            <translation>The identity traits are incomplete.</translation>
        </message>
        <message>
            <source>Logiciel</source>
            <translation>Software</translation>
        </message>
        <message>
            <source>Lu</source>
            <translation>Read</translation>
        </message>
        <message>
            <source>L’INS de cet usager n’est pas qualifiée : son matricule ne peut pas être utilisé.</source>
            <translation>The INS of this usager is not qualified: their INS number cannot be used.</translation>
        </message>
        <message>
            <source>L’INS et les traits d’identité ne concordent pas.</source>
            <translation>The INS and the identity traits do not match.</translation>
        </message>
        <message>
            <source>L’accusé de lecture n’est pas parti</source>
            <translation>The read receipt was not sent</translation>
        </message>
        <message>
            <source>L’adresse d’expédition n’est pas acceptée.</source>
            <translation>The sending address is not accepted.</translation>
        </message>
        <message>
            <source>L’annuaire des domaines ne répond pas.</source>
            <translation>The domain name directory is not responding.</translation>
        </message>
        <message>
            <source>L’annuaire déjà présent sur ce poste reste utilisable.</source>
            <translation>The directory already on this workstation can still be used.</translation>
        </message>
        <message>
            <source>L’annuaire n’a pas pu être actualisé</source>
            <translation>The directory could not be updated</translation>
        </message>
        <message>
            <source>L’annuaire n’a pas été remplacé</source>
            <translation>The directory was not replaced</translation>
        </message>
        <message>
            <source>L’annuaire reçu n’a pas été accepté</source>
            <translation>The directory received was not accepted</translation>
        </message>
        <message>
            <source>L’auteur {about} n’est pas connu de l’annuaire : indiquez un autre auteur.</source>
            <translation>The author {about} is not known to the directory: enter another author.</translation>
        </message>
        <message>
            <source>L’objet est vide.</source>
            <translation>The subject is empty.</translation>
        </message>
        <message>
            <source>L’opérateur a refusé</source>
            <translation>The operator refused</translation>
        </message>
        <message>
            <source>L’opérateur a refusé ce changement</source>
            <translation>The operator refused this change</translation>
        </message>
        <message>
            <source>L’opérateur a refusé ce message</source>
            <translation>The operator refused this message</translation>
        </message>
        <message>
            <source>L’opérateur a répondu : « {words} ».</source>
            <translation>The operator replied: “{words}”.</translation>
        </message>
        <message>
            <source>L’opérateur de cette adresse n’a pas été trouvé</source>
            <translation>The operator of this address was not found</translation>
        </message>
        <message>
            <source>L’opérateur demande de joindre son assistance.</source>
            <translation>The operator asks you to contact its support.</translation>
        </message>
        <message>
            <source>L’opérateur demande de ralentir : le message repartira de lui-même.</source>
            <translation>The operator asks to slow down: the message will be sent again by itself.</translation>
        </message>
        <message>
            <source>L’opérateur est occupé : le message repartira de lui-même.</source>
            <translation>The operator is busy: the message will be sent again by itself.</translation>
        </message>
        <message>
            <source>L’opérateur ne prend pas le message pour l’instant.</source>
            <translation>The operator is not taking the message for now.</translation>
        </message>
        <message>
            <source>L’opérateur ne sait pas faire cela dans ce dossier.</source>
            <translation>The operator cannot do that in this folder.</translation>
        </message>
        <message>
            <source>L’opérateur n’a pas accepté votre identité pour cette boîte.</source>
            <translation>The operator did not accept your identity for this mailbox.</translation>
        </message>
        <message>
            <source>L’opérateur n’a pas accepté votre identité.</source>
            <translation>The operator did not accept your identity.</translation>
        </message>
        <message>
            <source>L’opérateur n’accepte pas ce moyen de connexion.</source>
            <translation>The operator does not accept this way of signing in.</translation>
        </message>
        <message>
            <source>L’opérateur refuse l’accès à cette boîte</source>
            <translation>The operator refuses access to this mailbox</translation>
        </message>
        <message>
            <source>L’usager n’est pas confirmé : vérifiez son nom, son prénom et sa naissance.</source>
            <translation>The usager is not confirmed: check their name, first name and birth.</translation>
        </message>
        <message>
            <source>Message déplacé vers « {folder} ».</source>
            <translation>Message moved to “{folder}”.</translation>
        </message>
        <message>
            <source>Message joint</source>
            <translation>Attached message</translation>
        </message>
        <message>
            <source>Message marqué comme lu.</source>
            <translation>Message marked as read.</translation>
        </message>
        <message>
            <source>Message marqué comme non lu.</source>
            <translation>Message marked as unread.</translation>
        </message>
        <message>
            <source>Message mis à la corbeille.</source>
            <translation>Message moved to the trash.</translation>
        </message>
        <message>
            <source>Message retiré du suivi.</source>
            <translation>Message no longer flagged.</translation>
        </message>
        <message>
            <source>Message trop volumineux pour la boîte du destinataire.</source>
            <translation>Message too large for the recipient’s mailbox.</translation>
        </message>
        <message>
            <source>Message trop volumineux pour le serveur du destinataire.</source>
            <translation>Message too large for the recipient’s server.</translation>
        </message>
        <message>
            <source>Message trop volumineux pour l’opérateur.</source>
            <translation>Message too large for the operator.</translation>
        </message>
        <message>
            <source>Message à suivre.</source>
            <translation>Message flagged.</translation>
        </message>
        <message>
            <source>Mon espace santé refuse les messages de plus de {size}.</source>
            <translation>Mon espace santé refuses messages larger than {size}.</translation>
        </message>
        <message>
            <source>Non intégré</source>
            <translation>Not added</translation>
        </message>
        <message>
            <source>Non lu</source>
            <translation>Unread</translation>
        </message>
        <message>
            <source>Non remis</source>
            <translation>Not delivered</translation>
        </message>
        <message>
            <source>N’a pas pu partir ; nouvelle tentative à {at}.</source>
            <translation>Could not be sent; next attempt at {at}.</translation>
        </message>
        <message>
            <source>N’est pas arrivé</source>
            <translation>Did not arrive</translation>
        </message>
        <message>
            <source>On ne sait pas si un message est arrivé</source>
            <translation>It is not known whether a message arrived</translation>
        </message>
        <message>
            <source>On n’écrit pas à la main depuis une boîte applicative : choisissez une autre boîte.</source>
            <translation>Nobody writes by hand from an application mailbox: choose another mailbox.</translation>
        </message>
        <message>
            <source>Ouvrir la boîte d’envoi</source>
            <translation>Open the outbox</translation>
        </message>
        <message>
            <source>PDF</source>
            <translation>PDF</translation>
        </message>
        <message>
            <source>Page HTML</source>
            <translation>HTML page</translation>
        </message>
        <message>
            <source>Part à {at} ; vous pouvez encore le reprendre.</source>
            <translation>Leaves at {at}; you can still take it back.</translation>
        </message>
        <message>
            <source>Parti {at}.</source>
            <translation>Sent {at}.</translation>
        </message>
        <message>
            <source>Parti.</source>
            <translation>Sent.</translation>
        </message>
        <message>
            <source>Pas de connexion au service</source>
            <translation>No connection to the service</translation>
        </message>
        <message>
            <source>Pas encore remis, votre opérateur continue d’essayer</source>
            <translation>Not delivered yet, your operator keeps trying</translation>
        </message>
        <message>
            <source>Plus de 80 % de la place est prise.</source>
            <translation>More than 80% of the space is taken.</translation>
        </message>
        <message>
            <source>Plus de 95 % de la place est prise : bientôt elle ne recevra plus rien.</source>
            <translation>More than 95% of the space is taken: soon it will no longer receive anything.</translation>
        </message>
        <message>
            <source>Pris en charge</source>
            <translation>Accepted</translation>
        </message>
        <message>
            <source>Pris en charge par votre opérateur</source>
            <translation>Accepted by your operator</translation>
        </message>
        <message>
            <source>Pro Santé Connect a reconnu quelqu’un d’autre que le titulaire de la carte.</source>
            <translation>Pro Santé Connect recognised someone other than the card’s holder.</translation>
        </message>
        <message>
            <source>Pro Santé Connect ne connaît pas ce numéro.</source>
            <translation>Pro Santé Connect does not know this number.</translation>
        </message>
        <message>
            <source>Professionnel</source>
            <translation>Professional</translation>
        </message>
        <message>
            <source>Prévenez le destinataire : le message est bien dans sa boîte.</source>
            <translation>Tell the recipient: the message is in their mailbox.</translation>
        </message>
        <message>
            <source>Prévenez votre service informatique : la connexion reprendra dès que la liste sera reçue.</source>
            <translation>Tell your IT department: the connection will resume as soon as the list is received.</translation>
        </message>
        <message>
            <source>Prévenez votre service informatique : une adresse est à corriger.</source>
            <translation>Tell your IT department: an address has to be corrected.</translation>
        </message>
        <message>
            <source>Prévenez votre service informatique ; la connexion sera retentée d’elle-même.</source>
            <translation>Tell your IT department; the connection will be tried again by itself.</translation>
        </message>
        <message>
            <source>Recommencer</source>
            <translation>Start again</translation>
        </message>
        <message>
            <source>Refus définitif, sans raison précisée.</source>
            <translation>Permanent refusal, no reason given.</translation>
        </message>
        <message>
            <source>Refusé par l’opérateur : rien n’est parti.</source>
            <translation>Refused by the operator: nothing was sent.</translation>
        </message>
        <message>
            <source>Refusé par règle : cet expéditeur ou ce destinataire n’est pas autorisé.</source>
            <translation>Refused by a rule: this sender or this recipient is not allowed.</translation>
        </message>
        <message>
            <source>Refusé par une règle de sécurité.</source>
            <translation>Refused by a security rule.</translation>
        </message>
        <message>
            <source>Remis</source>
            <translation>Delivered</translation>
        </message>
        <message>
            <source>Remis au serveur du destinataire</source>
            <translation>Delivered to the recipient’s server</translation>
        </message>
        <message>
            <source>Reprendre le brouillon</source>
            <translation>Reopen the draft</translation>
        </message>
        <message>
            <source>Repris avant de partir.</source>
            <translation>Taken back before it was sent.</translation>
        </message>
        <message>
            <source>Retardé</source>
            <translation>Delayed</translation>
        </message>
        <message>
            <source>Retirez la carte, remettez la vôtre et recommencez.</source>
            <translation>Remove the card, insert your own and start again.</translation>
        </message>
        <message>
            <source>Retirez-la, essuyez la puce et réinsérez-la.</source>
            <translation>Remove it, wipe the chip and insert it again.</translation>
        </message>
        <message>
            <source>Rien de ce qui était enregistré n’est perdu.</source>
            <translation>Nothing that was saved is lost.</translation>
        </message>
        <message>
            <source>Rien ne lui a été envoyé : ni message, ni identité.</source>
            <translation>Nothing was sent to it: neither message nor identity.</translation>
        </message>
        <message>
            <source>Rien n’a été fait.</source>
            <translation>Nothing was done.</translation>
        </message>
        <message>
            <source>Rien n’a été écrit dans le dossier du DUI.</source>
            <translation>Nothing was written to the DUI folder.</translation>
        </message>
        <message>
            <source>Rien n’a été écrit à l’endroit choisi.</source>
            <translation>Nothing was written to the chosen place.</translation>
        </message>
        <message>
            <source>Rien n’en a été exécuté.</source>
            <translation>Nothing in it was run.</translation>
        </message>
        <message>
            <source>Rien n’est perdu. Fermez l’autre fenêtre ou l’autre session, puis réessayez.</source>
            <translation>Nothing is lost. Close the other window or the other session, then try again.</translation>
        </message>
        <message>
            <source>Rien n’y a été lu. Insérez votre carte CPS à la place.</source>
            <translation>Nothing on it was read. Insert your CPS card instead.</translation>
        </message>
        <message>
            <source>Réessayer</source>
            <translation>Try again</translation>
        </message>
        <message>
            <source>Réessayer maintenant</source>
            <translation>Try again now</translation>
        </message>
        <message>
            <source>Réessayez plus tard.</source>
            <translation>Try again later.</translation>
        </message>
        <message>
            <source>Réessayez quand la connexion sera revenue.</source>
            <translation>Try again when the connection is back.</translation>
        </message>
        <message>
            <source>Réponse du logiciel du destinataire</source>
            <translation>Reply from the recipient’s software</translation>
        </message>
        <message>
            <source>Se connecter</source>
            <translation>Sign in</translation>
        </message>
        <message>
            <source>Ses messages sont dans la corbeille.</source>
            <translation>Its messages are in the trash.</translation>
        </message>
        <message>
            <source>Ses messages sont restés où ils étaient.</source>
            <translation>Its messages stayed where they were.</translation>
        </message>
        <message>
            <source>Son</source>
            <translation>Sound</translation>
        </message>
        <message>
            <source>Son certificat a été délivré pour un autre serveur.</source>
            <translation>Its certificate was issued for another server.</translation>
        </message>
        <message>
            <source>Son certificat a été révoqué.</source>
            <translation>Its certificate has been revoked.</translation>
        </message>
        <message>
            <source>Son certificat ne vient pas de l’autorité attendue.</source>
            <translation>Its certificate does not come from the expected authority.</translation>
        </message>
        <message>
            <source>Son certificat n’est pas valable à la date de ce poste.</source>
            <translation>Its certificate is not valid on this workstation’s date.</translation>
        </message>
        <message>
            <source>Structure</source>
            <translation>Organisation</translation>
        </message>
        <message>
            <source>Tableur Excel</source>
            <translation>Excel spreadsheet</translation>
        </message>
        <message>
            <source>Texte</source>
            <translation>Text</translation>
        </message>
        <message>
            <source>Texte mis en forme</source>
            <translation>Formatted text</translation>
        </message>
        <message>
            <source>Tout n’a pas pu être effacé</source>
            <translation>Not everything could be erased</translation>
        </message>
        <message>
            <source>Trop de destinataires.</source>
            <translation>Too many recipients.</translation>
        </message>
        <message>
            <source>Un autre programme tient encore un fichier ouvert.</source>
            <translation>Another program still has a file open.</translation>
        </message>
        <message>
            <source>Un dossier porte déjà ce nom.</source>
            <translation>A folder already has this name.</translation>
        </message>
        <message>
            <source>Un fichier d’autorité manque ou n’est pas celui attendu.</source>
            <translation>An authority file is missing or is not the one expected.</translation>
        </message>
        <message>
            <source>Un message ne concerne qu’un usager : écrivez-leur séparément.</source>
            <translation>A message concerns a single usager: write to them separately.</translation>
        </message>
        <message>
            <source>Un programme, un script, une page ou un document à macros ne s’ouvre pas d’ici.</source>
            <translation>A program, a script, a page or a document with macros does not open from here.</translation>
        </message>
        <message>
            <source>Un serveur n’a pas pu prouver qu’il est digne de confiance</source>
            <translation>A server could not prove that it can be trusted</translation>
        </message>
        <message>
            <source>Une erreur inattendue s’est produite</source>
            <translation>An unexpected error occurred</translation>
        </message>
        <message>
            <source>Une limite de l’opérateur est atteinte.</source>
            <translation>A limit set by the operator has been reached.</translation>
        </message>
        <message>
            <source>Une nouvelle tentative aura lieu toute seule.</source>
            <translation>A new attempt will be made by itself.</translation>
        </message>
        <message>
            <source>Une réinstallation par votre service informatique est nécessaire.</source>
            <translation>Your IT department needs to reinstall the program.</translation>
        </message>
        <message>
            <source>Une version plus récente a été utilisée sur ce poste</source>
            <translation>A more recent version has been used on this workstation</translation>
        </message>
        <message>
            <source>Une version plus récente est déjà classée</source>
            <translation>A more recent version is already filed</translation>
        </message>
        <message>
            <source>Usager</source>
            <translation>Usager</translation>
        </message>
        <message>
            <source>Usager inconnu du logiciel du destinataire.</source>
            <translation>Usager unknown to the recipient’s software.</translation>
        </message>
        <message>
            <source>Version du document non acceptée par le logiciel du destinataire.</source>
            <translation>Version of the document not accepted by the recipient’s software.</translation>
        </message>
        <message>
            <source>Vidéo</source>
            <translation>Video</translation>
        </message>
        <message>
            <source>Vos autres boîtes continuent de fonctionner.</source>
            <translation>Your other mailboxes keep working.</translation>
        </message>
        <message>
            <source>Vos brouillons et votre boîte d’envoi sont gardés. Identifiez-vous de nouveau pour reprendre là où vous en étiez.</source>
            <translation>Your drafts and your outbox are kept. Sign in again to carry on where you left off.</translation>
        </message>
        <message>
            <source>Vos données sont intactes. Installez la version récente pour les ouvrir.</source>
            <translation>Your data is intact. Install the recent version to open it.</translation>
        </message>
        <message>
            <source>Vos messages et vos brouillons sont gardés sur ce poste.</source>
            <translation>Your messages and your drafts are kept on this workstation.</translation>
        </message>
        <message>
            <source>Vos messages sont intacts chez l’opérateur et reviennent. L’ancienne copie est mise de côté : les brouillons et la boîte d’envoi qu’elle contient ne peuvent plus être lus. Prévenez votre service informatique.</source>
            <translation>Your messages are intact at the operator and are coming back. The old copy is set aside: the drafts and the outbox it contains can no longer be read. Tell your IT department.</translation>
        </message>
        <message>
            <source>Vos messages sont intacts chez l’opérateur. Prévenez votre service informatique avant de continuer : des brouillons peuvent encore être récupérés.</source>
            <translation>Your messages are intact at the operator. Tell your IT department before going on: drafts may still be recoverable.</translation>
        </message>
        <message>
            <source>Votre accès à cette boîte a expiré.</source>
            <translation>Your access to this mailbox has expired.</translation>
        </message>
        <message>
            <source>Votre boîte est pleine : classez puis supprimez des messages.</source>
            <translation>Your mailbox is full: file, then delete messages.</translation>
        </message>
        <message>
            <source>Votre copie locale est intacte. Ouvrez le trousseau de votre session Windows ou Linux, puis identifiez-vous de nouveau.</source>
            <translation>Your local copy is intact. Unlock the keyring of your Windows or Linux session, then sign in again.</translation>
        </message>
        <message>
            <source>Votre message est gardé dans la boîte d’envoi.</source>
            <translation>Your message is kept in the outbox.</translation>
        </message>
        <message>
            <source>Votre opérateur vous adresse un message</source>
            <translation>Your operator has a message for you</translation>
        </message>
        <message>
            <source>Votre session Pro Santé Connect est terminée</source>
            <translation>Your Pro Santé Connect session has ended</translation>
        </message>
        <message>
            <source>Votre texte est toujours dans la fenêtre de rédaction.</source>
            <translation>Your text is still in the writing window.</translation>
        </message>
        <message>
            <source>Votre établissement n’est pas décrit dans la configuration : prévenez votre service informatique.</source>
            <translation>Your institution is not described in the configuration: tell your IT department.</translation>
        </message>
        <message>
            <source>Vous n’avez pas ce droit dans cette boîte.</source>
            <translation>You do not have this right in this mailbox.</translation>
        </message>
        <message>
            <source>Vous n’êtes pas habilité à ouvrir cette boîte.</source>
            <translation>You are not authorised to open this mailbox.</translation>
        </message>
        <message>
            <source>Vous pouvez aussi vous connecter avec e-CPS.</source>
            <translation>You can also sign in with e-CPS.</translation>
        </message>
        <message>
            <source>Vous pouvez continuer. Si cela se répète, transmettez les détails à votre support.</source>
            <translation>You can carry on. If this happens again, pass the details on to your support.</translation>
        </message>
        <message>
            <source>Vous écrivez à un usager : {name}, sexe {sex}, naissance {month} {year}. Est-ce la bonne personne ?</source>
            <translation>You are writing to a usager: {name}, sex {sex}, born {month} {year}. Is this the right person?</translation>
        </message>
        <message>
            <source>Vérifiez auprès de l’expéditeur ; au besoin, demandez-lui un PDF.</source>
            <translation>Check with the sender; if need be, ask them for a PDF.</translation>
        </message>
        <message>
            <source>Vérifiez la date et l’heure du poste, puis prévenez l’opérateur.</source>
            <translation>Check the workstation’s date and time, then tell the operator.</translation>
        </message>
        <message>
            <source>Vérifiez l’adresse ; si elle est juste, prévenez l’opérateur.</source>
            <translation>Check the address; if it is right, tell the operator.</translation>
        </message>
        <message>
            <source>août</source>
            <translation>August</translation>
        </message>
        <message>
            <source>aucun non lu</source>
            <translation>no unread messages</translation>
        </message>
        <message>
            <source>aucune pièce jointe</source>
            <translation>no attachments</translation>
        </message>
        <message>
            <source>aujourd’hui {time}</source>
            <translation>today {time}</translation>
        </message>
        <message>
            <source>avr.</source>
            <translation>Apr</translation>
        </message>
        <message>
            <source>avril</source>
            <translation>April</translation>
        </message>
        <message>
            <source>classé</source>
            <translation>filed</translation>
        </message>
        <message>
            <source>conversation de {n} messages</source>
            <translation>conversation of {n} messages</translation>
        </message>
        <message>
            <source>dimanche</source>
            <translation>Sunday</translation>
        </message>
        <message>
            <source>déc.</source>
            <translation>Dec</translation>
        </message>
        <message>
            <source>décembre</source>
            <translation>December</translation>
        </message>
        <message>
            <source>féminin</source>
            <translation>female</translation>
        </message>
        <message>
            <source>févr.</source>
            <translation>Feb</translation>
        </message>
        <message>
            <source>février</source>
            <translation>February</translation>
        </message>
        <message>
            <source>hier {time}</source>
            <translation>yesterday {time}</translation>
        </message>
        <message>
            <source>janv.</source>
            <translation>Jan</translation>
        </message>
        <message>
            <source>janvier</source>
            <translation>January</translation>
        </message>
        <message>
            <source>jeudi</source>
            <translation>Thursday</translation>
        </message>
        <message>
            <source>juil.</source>
            <translation>Jul</translation>
        </message>
        <message>
            <source>juillet</source>
            <translation>July</translation>
        </message>
        <message>
            <source>juin</source>
            <translation>June</translation>
        </message>
        <message>
            <source>lundi</source>
            <translation>Monday</translation>
        </message>
        <message>
            <source>mai</source>
            <translation>May</translation>
        </message>
        <message>
            <source>mardi</source>
            <translation>Tuesday</translation>
        </message>
        <message>
            <source>mars</source>
            <translation>March</translation>
        </message>
        <message>
            <source>masculin</source>
            <translation>male</translation>
        </message>
        <message>
            <source>mercredi</source>
            <translation>Wednesday</translation>
        </message>
        <message>
            <source>non déterminé</source>
            <translation>undetermined</translation>
        </message>
        <message>
            <source>non précisé</source>
            <translation>not specified</translation>
        </message>
        <message>
            <source>nov.</source>
            <translation>Nov</translation>
        </message>
        <message>
            <source>novembre</source>
            <translation>November</translation>
        </message>
        <message>
            <source>oct.</source>
            <translation>Oct</translation>
        </message>
        <message>
            <source>octobre</source>
            <translation>October</translation>
        </message>
        <message>
            <source>répondu</source>
            <translation>replied</translation>
        </message>
        <message>
            <source>samedi</source>
            <translation>Saturday</translation>
        </message>
        <message>
            <source>sans objet</source>
            <translation>no subject</translation>
        </message>
        <message>
            <source>sept.</source>
            <translation>Sept</translation>
        </message>
        <message>
            <source>septembre</source>
            <translation>September</translation>
        </message>
        <message>
            <source>suivi</source>
            <translation>to follow up</translation>
        </message>
        <message>
            <source>transféré</source>
            <translation>forwarded</translation>
        </message>
        <message>
            <source>trouvé chez l’opérateur</source>
            <translation>found at the operator</translation>
        </message>
        <message>
            <source>usager {name}</source>
            <translation>usager {name}</translation>
        </message>
        <message>
            <source>vendredi</source>
            <translation>Friday</translation>
        </message>
        <message>
            <source>{about} a changé de titulaire le {since}, depuis votre dernier message : vérifiez à qui vous écrivez.</source>
            <translation>{about} changed holder on {since}, since your last message: check who you are writing to.</translation>
        </message>
        <message>
            <source>{about} destinataires : 10 au plus. Retirez-en.</source>
            <translation>{about} recipients: at most 10. Remove some.</translation>
        </message>
        <message>
            <source>{about} est hors de l’espace de confiance MSSanté : le message ne peut pas y partir.</source>
            <translation>{about} is outside the MSSanté trust space: the message cannot be sent there.</translation>
        </message>
        <message>
            <source>{about} figure deux fois parmi les destinataires.</source>
            <translation>{about} appears twice among the recipients.</translation>
        </message>
        <message>
            <source>{about} ne peut pas être vérifiée : la liste des domaines de confiance n’a pas encore été reçue.</source>
            <translation>{about} cannot be checked: the list of trusted domains has not been received yet.</translation>
        </message>
        <message>
            <source>{about} n’est plus dans l’Annuaire Santé depuis le {since} : cette boîte n’est peut-être plus lue.</source>
            <translation>{about} has not been in the Annuaire Santé since {since}: this mailbox may no longer be read.</translation>
        </message>
        <message>
            <source>{about} : la clé du matricule INS est fausse. Vérifiez l’identité de l’usager.</source>
            <translation>{about}: the key of the INS number is wrong. Check the identity of the usager.</translation>
        </message>
        <message>
            <source>{about} : le domaine contient des lettres inhabituelles, qui peuvent en imiter d’autres.</source>
            <translation>{about}: the domain contains unusual letters, which may imitate others.</translation>
        </message>
        <message>
            <source>{about} : le domaine ressemble à celui de {instead}. Est-ce bien l’adresse voulue ?</source>
            <translation>{about}: the domain looks like that of {instead}. Is this really the address you want?</translation>
        </message>
        <message>
            <source>{about} : l’adresse d’un usager ne se saisit pas ; répondez à son message ou partez de son dossier.</source>
            <translation>{about}: a usager’s address is not typed in; reply to their message or start from their record.</translation>
        </message>
        <message>
            <source>{authority} : liste du {day}, périmée ; la plus récente n’a pas pu être obtenue.</source>
            <translation>{authority}: list of {day}, out of date; the latest one could not be obtained.</translation>
        </message>
        <message>
            <source>{authority} : liste du {day}.</source>
            <translation>{authority}: list of {day}.</translation>
        </message>
        <message>
            <source>{authority} : pas de liste.</source>
            <translation>{authority}: no list.</translation>
        </message>
        <message>
            <source>{count}, d’il y a {days} jours</source>
            <translation>{count}, {days} days old</translation>
        </message>
        <message>
            <source>{count}, à jour d’aujourd’hui</source>
            <translation>{count}, up to date today</translation>
        </message>
        <message>
            <source>{count}, à jour d’hier</source>
            <translation>{count}, up to date yesterday</translation>
        </message>
        <message>
            <source>{day} {number} {month} {year} à {time}</source>
            <translation>{day} {number} {month} {year} at {time}</translation>
        </message>
        <message>
            <source>{day} {time}</source>
            <translation>{day} {time}</translation>
        </message>
        <message>
            <source>{day}. {number} {month}</source>
            <translation>{day} {number} {month}</translation>
        </message>
        <message>
            <source>{head}, {at}.</source>
            <translation>{head}, {at}.</translation>
        </message>
        <message>
            <source>{head}.</source>
            <translation>{head}.</translation>
        </message>
        <message>
            <source>{hour} h {minute}</source>
            <translation>{hour}:{minute}</translation>
        </message>
        <message>
            <source>{n} messages déplacés vers « {folder} ».</source>
            <translation>{n} messages moved to “{folder}”.</translation>
        </message>
        <message>
            <source>{n} messages marqués comme lus.</source>
            <translation>{n} messages marked as read.</translation>
        </message>
        <message>
            <source>{n} messages marqués comme non lus.</source>
            <translation>{n} messages marked as unread.</translation>
        </message>
        <message>
            <source>{n} messages mis à la corbeille.</source>
            <translation>{n} messages moved to the trash.</translation>
        </message>
        <message>
            <source>{n} messages retirés du suivi.</source>
            <translation>{n} messages no longer flagged.</translation>
        </message>
        <message>
            <source>{n} messages à suivre.</source>
            <translation>{n} messages flagged.</translation>
        </message>
        <message>
            <source>{n} non lus</source>
            <translation>{n} unread</translation>
        </message>
        <message>
            <source>{n} pièces jointes</source>
            <translation>{n} attachments</translation>
        </message>
        <message>
            <source>{n} Go</source>
            <translation>{n} GB</translation>
        </message>
        <message>
            <source>{n} Mo</source>
            <translation>{n} MB</translation>
        </message>
        <message>
            <source>{n} ko</source>
            <translation>{n} kB</translation>
        </message>
        <message>
            <source>{n} o</source>
            <translation>{n} B</translation>
        </message>
        <message>
            <source>{who} : {what}</source>
            <translation>{who}: {what}</translation>
        </message>
        <message>
            <source>« {about} » concerne un autre usager : un message ne concerne qu’un usager.</source>
            <translation>“{about}” concerns another usager: a message concerns a single usager.</translation>
        </message>
        <message>
            <source>« {about} » ne doit pas être visible de l’usager : il ne peut pas lui être envoyé.</source>
            <translation>“{about}” must not be visible to the usager: it cannot be sent to them.</translation>
        </message>
        <message>
            <source>« {about} » n’est pas une adresse complète.</source>
            <translation>“{about}” is not a complete address.</translation>
        </message>
        <message>
            <source>Écrit pendant une session précédente : il attend votre accord pour partir.</source>
            <translation>Written during an earlier session: it waits for your agreement to be sent.</translation>
        </message>
        <message>
            <source>à classer</source>
            <translation>to file</translation>
        </message>
    </context>
    <context>
        <name>worklist</name>
        <message>
            <source>Acte</source>
            <translation>Act</translation>
        </message>
        <message>
            <source>Annule et remplace</source>
            <translation>Cancels and replaces</translation>
        </message>
        <message>
            <source>Auteur</source>
            <translation>Author</translation>
        </message>
        <message>
            <source>Auteur non habilité</source>
            <translation>Author not authorised</translation>
        </message>
        <message>
            <source>Autre motif</source>
            <translation>Other reason</translation>
        </message>
        <message>
            <source>Boîte</source>
            <translation>Mailbox</translation>
        </message>
        <message>
            <source>Classé</source>
            <translation>Filed</translation>
        </message>
        <message>
            <source>Clé INS fausse</source>
            <translation>Wrong INS key</translation>
        </message>
        <message>
            <source>Document</source>
            <translation>Document</translation>
        </message>
        <message>
            <source>Document sans INS</source>
            <translation>Document without INS</translation>
        </message>
        <message>
            <source>Déjà reçu</source>
            <translation>Already received</translation>
        </message>
        <message>
            <source>Empreinte incorrecte</source>
            <translation>Wrong fingerprint</translation>
        </message>
        <message>
            <source>INS et traits incohérents</source>
            <translation>INS and traits do not match</translation>
        </message>
        <message>
            <source>Nouveau</source>
            <translation>New</translation>
        </message>
        <message>
            <source>Remplacé</source>
            <translation>Replaced</translation>
        </message>
        <message>
            <source>Reçu</source>
            <translation>Received</translation>
        </message>
        <message>
            <source>Suppression demandée</source>
            <translation>Deletion requested</translation>
        </message>
        <message>
            <source>Traits d’identité incomplets</source>
            <translation>Identity traits incomplete</translation>
        </message>
        <message>
            <source>Type</source>
            <translation>Type</translation>
        </message>
        <message>
            <source>Usager</source>
            <translation>Usager</translation>
        </message>
        <message>
            <source>Usager inconnu de l’établissement</source>
            <translation>Usager unknown to the institution</translation>
        </message>
        <message>
            <source>Usager non indiqué</source>
            <translation>Usager not given</translation>
        </message>
        <message>
            <source>V.</source>
            <translation>V.</translation>
        </message>
        <message>
            <source>Version dépassée</source>
            <translation>Version superseded</translation>
        </message>
        <message>
            <source>Version plus récente reçue</source>
            <translation>More recent version received</translation>
        </message>
        <message>
            <source>acte du {day}</source>
            <translation>act of {day}</translation>
        </message>
        <message>
            <source>boîte {name}</source>
            <translation>mailbox {name}</translation>
        </message>
        <message>
            <source>usager {name}</source>
            <translation>usager {name}</translation>
        </message>
        <message>
            <source>version {n}</source>
            <translation>version {n}</translation>
        </message>
        <message>
            <source>Écarté</source>
            <translation>Set aside</translation>
        </message>
        <message>
            <source>État</source>
            <translation>Status</translation>
        </message>
    </context>
</TS>
