<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="fr_FR">
<context>
    <name>AboutPage</name>
    <message>
        <source>Environnement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Identité</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence publique de l’Union européenne (EUPL) 1.2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Référence produit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>non configurée</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>personne n’est connecté</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} (pas de vrais messages)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AppearancePage</name>
    <message>
        <source>Clair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comme le système</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deux lignes par message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Disposition</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Liste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Liste au-dessus, lecture dessous</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Liste seule</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sombre</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taille du texte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taille du texte en pour cent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thème</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trois colonnes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Une ligne par conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{percent}&#xa0;%</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AttachmentBar</name>
    <message>
        <source>Joindre des fichiers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pièces jointes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Poids du message&#xa0;: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{total} sur {limit}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AttachmentBox</name>
    <message>
        <source>Retirer {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lecture…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AttachmentTiles</name>
    <message>
        <source>1 document de santé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Annule et remplace une version précédente.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aperçu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classer dans le DUI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classer à nouveau dans le DUI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classé dans le DUI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document sans titre</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Documents de santé (IHE_XDM)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Empreinte incorrecte&#xa0;: le contenu reçu n’est pas celui que l’émetteur annonce.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le matricule INS porte une clé incorrecte&#xa0;: vérifiez l’identité.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’émetteur demande la suppression de ce document&#xa0;: à vérifier avec lui.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{verb}&#xa0;: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enregistrer…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>version {n}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{about}, en cours de réception…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{about}, n’a pas pu être reçue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{files}, dont {health}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{kind}, {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}, {about}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} documents de santé</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BalsPage</name>
    <message>
        <source>Adresse de la boîte à ajouter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ajouter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Boîte ajoutée&#xa0;: {label}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indiquez une adresse complète.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recherche de l’opérateur de cette adresse…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Une boîte de service s’ouvre avec votre propre identité, si son responsable l’a permis.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vos boîtes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>accès refusé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>adresse@domaine.mssante.fr</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>connexion…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>en attente</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>en ligne</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hors ligne</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{used} sur {limit}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Button</name>
    <message>
        <source>{label} ({keys})</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Chip</name>
    <message>
        <source>Retirer {name}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>   ({keys})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chercher une commande</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Commandes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Commandes trouvées</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Que voulez-vous faire&#x202f;?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ComposeHeader</name>
    <message>
        <source>Cc&#xa0;:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copie à</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Destinataires&#xa0;: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>De&#xa0;:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Objet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Objet&#xa0;:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} sur {limit}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>À</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>À&#xa0;:</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ComposeWindow</name>
    <message>
        <source>Accusé de &amp;lecture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accusé de &amp;réception</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choisissez la boîte d’où part ce message.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enregistré à {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Envoyer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Envoyer quand même</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Garder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Joindre…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’&amp;usager ne peut pas répondre</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Modifié</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nouveau message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revenir au message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Supprimer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Supprimer ce brouillon&#x202f;? Son texte et ses pièces jointes seront perdus.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Supprimer le brouillon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Texte du message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Une pièce jointe est encore en cours de lecture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{subject} – {bal}[*]</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ConversationStrip</name>
    <message>
        <source>Conversation&#xa0;: {n} messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Messages de la conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>déplié</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>replié</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{when} – {who} – {subject}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>Aucun message ici.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recherche «&#xa0;{words}&#xa0;»</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rien ne correspond à cette recherche.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tout est classé.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tout est lu.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{place} – {bal}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DirectoryPage</name>
    <message>
        <source>Actualiser l’annuaire</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Espace de confiance&#xa0;: {domains} domaines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La liste des domaines de confiance n’a pas encore été reçue.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DirectoryWindow</name>
    <message>
        <source>1 correspondant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actualiser</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adresse MSSanté</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adresse copiée&#xa0;: {address}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Annuaire Santé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aucun correspondant&#xa0;: essayez moins de mots, ou la ville.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Code postal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correspondants trouvés</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Critères</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Genre de boîte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Les {number} premiers correspondants&#x202f;; précisez pour en voir moins.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nom d’exercice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nom, prénom, profession, structure, ville, RPPS, adresse…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profession</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prénom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>RPPS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raison sociale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rechercher dans l’Annuaire</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Spécialité</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tapez au moins deux lettres.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Toutes les boîtes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ville</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} correspondants</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Écrire</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Écrire aux {number} choisis</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DraftsPage</name>
    <message>
        <source>(sans objet)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aucun brouillon sur ce poste.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mes brouillons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sans destinataire</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{subject} – pour {to}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EcpsForm</name>
    <message>
        <source>Recevoir la demande</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Votre numéro RPPS ou identifiant national</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EcpsWait</name>
    <message>
        <source>Il reste {minutes} min {seconds} s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La demande a expiré&#xa0;: annulez, puis recommencez.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nombre à reconnaître&#xa0;: {digits}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ouvrez l’application e-CPS sur votre téléphone et choisissez ce nombre&#xa0;:</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EntryCard</name>
    <message>
        <source>Choisissez un correspondant pour voir ses adresses.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copier l’adresse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copier l’adresse {address}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fiche du correspondant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Identifiant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>RPPS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{kind} {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{kind}, accepte le zéro papier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Écrire</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Écrire à {address}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EntryModel</name>
    <message>
        <source>zéro papier</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FilingPanel</name>
    <message>
        <source>Aucun dossier choisi</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce document a déjà été classé.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce document annule et remplace un document déjà transmis.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce message demande la suppression d’un document déjà transmis.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choisir…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choisissez un type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classement en cours…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classer dans le DUI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classer dans le DUI ({keys})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classer quand même</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classé&#xa0;: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Complétez l’usager et le type.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Date de l’acte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dossier du DUI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Déjà classé de ce message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fermer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fermer (Échap)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fermer le classement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le document a changé depuis son envoi&#xa0;: son empreinte ne concorde pas.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Numéro de dossier, facultatif</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>N° de dossier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sera rangé sous</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type de document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Usager</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>facultatif</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}, {when}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>1 message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cette boîte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ne chercher que dans cette boîte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Non lus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>N’afficher que ce qui reste à classer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>N’afficher que les messages non lus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Une ligne par conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>À classer</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Fermer la recherche</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Introuvable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Précédent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rechercher dans le message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suivant</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FirstAddress</name>
    <message>
        <source>Adresse MSSanté</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bonjour {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indiquez l’adresse MSSanté de votre boîte, personnelle ou de service. Les serveurs de votre opérateur sont trouvés automatiquement.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ouvrir cette boîte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Première ouverture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recherche de votre opérateur…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>prenom.nom@domaine.mssante.fr</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title}. {text}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FolderPage</name>
    <message>
        <source>Aucun dossier choisi</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choisir…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dossier du DUI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Les documents classés sont déposés dans ce dossier, d’où le logiciel de dossier les reprend.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profil de dépôt&#xa0;: {profile}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FolderTreeModel</name>
    <message>
        <source>Mes brouillons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Non lus, toutes boîtes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suivi des envois</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{label}, {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{label}, {kind}, {address}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{label}, {n}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>À classer, toutes boîtes</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HeaderStrip</name>
    <message>
        <source>Trier par {column}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trié par {column}, {order}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>croissant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>décroissant</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IdentityForm</name>
    <message>
        <source>Clé du matricule fausse&#xa0;: vérifiez l’identité.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clé juste, INS et traits complets.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clé juste, mais traits incomplets.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clé juste, matricule de test.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Date de naissance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Identité modifiée&#xa0;: le matricule du document n’est plus joint.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JJ/MM/AAAA</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Matricule INS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Naissance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nom de naissance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prénoms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prénoms de naissance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sans INS&#xa0;: comparez les traits avec le dossier avant de classer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sexe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>aucun</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeyList</name>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Menu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raccourcis clavier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Touches</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Lock</name>
    <message>
        <source>Identifiez-vous dans la fenêtre principale pour reprendre.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Poste verrouillé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mssclient – verrouillé</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MailboxTree</name>
    <message>
        <source>Boîtes aux lettres et dossiers</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Actualiser</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actualiser l’annuaire</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Annuaire Santé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chercher une commande…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Déplacer vers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Déplacer vers…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Environnement de démonstration&#xa0;: aucun message réel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lecture sous la liste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Liste seule</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ouvrir le menu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quitter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raccourcis clavier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rechercher dans toutes les boîtes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revenir</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Réglages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Se déconnecter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suivi des envois</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trois colonnes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Une ou deux lignes par message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verrouiller</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volet précédent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volet suivant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mssclient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{place} – mssclient</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MessageListModel</name>
    <message>
        <source>Messages</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MessageTable</name>
    <message>
        <source>Messages</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OutboxView</name>
    <message>
        <source>Aucun message envoyé pour l’instant.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Boîte d’envoi ({number})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce qui n’est pas arrivé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce qui n’est pas arrivé ({number})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Envois</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Envoyés</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reprendre comme brouillon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tout ce qui est parti est arrivé.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Panel</name>
    <message>
        <source>Approuver la demande</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Carte et navigateur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce panneau joue ce qui entoure le poste de travail. Tout est fictif.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Couper la ligne</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Courrier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dernier événement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Faire expirer la session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Insérer la carte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le monde extérieur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ligne et session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Personne</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refuser la demande</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retirer la carte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rétablir la ligne</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Téléphone (e-CPS)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Un compte rendu arrive (IHE_XDM)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Un message arrive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Un usager écrit</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PreviewPanel</name>
    <message>
        <source>Agrandir</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ajuster à la largeur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aperçu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chargement de l’aperçu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chargement du document…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choisissez un document pour le voir ici.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page du document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page précédente</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page suivante</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page {page} sur {pages}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Réduire</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Réessayer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Texte du document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{label} ({keys})</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProblemStrip</name>
    <message>
        <source>Copier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copier les détails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Détails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fermer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Réessayer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{details} (acte&#xa0;: {context}, n° {id})</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReadingHeader</name>
    <message>
        <source>(sans objet)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adresses complètes et taille</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Afficher le message sans mise en forme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cc&#xa0;: {who}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>De&#xa0;: {who}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Répondre à&#xa0;: {address}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taille&#xa0;: {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Usager&#xa0;: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>À&#xa0;: {to}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>À&#xa0;: {to} – Cc&#xa0;: {cc}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>À&#xa0;: {who}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Détails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INS non qualifiée {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>INS qualifiée {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Texte seul</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>né le {date}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>né(e) le {date}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>née le {date}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReadingPane</name>
    <message>
        <source>Ce lien mène hors de la messagerie, vers «&#xa0;{host}&#xa0;»&#xa0;:
{link}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choisissez un message dans la liste.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copier l’adresse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enregistrer la pièce jointe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ne pas ouvrir</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ouvrir</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Réception du message…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Texte du message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RecipientField</name>
    <message>
        <source>Tapez un nom, une profession, une ville ou une adresse&#x202f;; Entrée ajoute, Retour arrière retire.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RegisterModel</name>
    <message>
        <source>Destinataires</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Devenir</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Envoyé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Objet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refusé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sans objet</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RowPainter</name>
    <message>
        <source>(sans objet)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SenderLine</name>
    <message>
        <source>De</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Par délégation&#xa0;: vous écrivez pour quelqu’un d’autre</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{label} &lt;{address}&gt;</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>&amp;Apparence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Boîtes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;DUI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A&amp;nnuaire</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fermer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages des réglages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Réglages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>À &amp;propos</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SignInScreen</name>
    <message>
        <source>Annuler</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aucun lecteur de carte n’est branché.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aucune carte dans le lecteur.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Carte de {name} détectée ({profession}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Carte de {name} détectée.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Carte professionnelle détectée.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cette carte n’est pas une carte de professionnel de santé.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copier l’adresse à ouvrir</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fermer cette session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce poste ne sait pas lire les cartes&#xa0;: utilisez l’application e-CPS.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C’est une carte Vitale&#xa0;: insérez votre carte professionnelle.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Environnement de démonstration&#xa0;: personnes et messages fictifs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La carte ne répond pas&#xa0;: retirez-la, puis remettez-la puce vers l’avant.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La carte n’a pas pu être lue.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Messagerie sécurisée de santé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ouverture de vos boîtes aux lettres…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Poste verrouillé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Session de {name}. Identifiez-vous pour la retrouver telle quelle. Si une autre personne s’identifie, elle ouvrira la sienne.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S’identifier avec Pro Santé Connect</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Terminez l’identification dans votre navigateur, puis revenez ici.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Utiliser l’application e-CPS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{said} Carte de test.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title}. {text}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Actualisation de l’annuaire</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Annuaire absent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Avancement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Boîte d’envoi&#xa0;: {n}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Boîte d’envoi&#xa0;: {n}, dont {bad} à vérifier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Envoi en cours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ouverture des boîtes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Réception des en-têtes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Réception d’un message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Réception d’une pièce jointe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Travail en cours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{bal}&#xa0;: accès refusé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{bal}&#xa0;: connexion…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{bal}&#xa0;: en ligne</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{bal}&#xa0;: hors ligne, nouvel essai automatique</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{bal}&#xa0;: pas encore ouverte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what}&#xa0;: {done} sur {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{unread}, {n} à classer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what}…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Suggestions</name>
    <message>
        <source>Correspondants proposés</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Annuler (Ctrl+Z)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fermer</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Verbs</name>
    <message>
        <source>---------- Message transféré ----------</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choisissez des messages d’une même boîte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Garder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message marqué comme lu.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message marqué comme non lu.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message mis à la corbeille.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message placé dans la boîte d’envoi.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message retiré du suivi.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message à suivre.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Supprimer définitivement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Date&#xa0;: {when}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>De&#xa0;: {who}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le {when}, {who} a écrit&#xa0;:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message déplacé vers «&#xa0;{folder}&#xa0;».</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message placé dans la boîte d’envoi&#xa0;: il part dans {n} s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Objet&#xa0;: {subject}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Supprimer définitivement ce message&#x202f;? Il ne pourra pas être retrouvé.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Supprimer définitivement {n} messages&#x202f;? Ils ne pourront pas être retrouvés.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} messages déplacés vers «&#xa0;{folder}&#xa0;».</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} messages marqués comme lus.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} messages marqués comme non lus.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} messages mis à la corbeille.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} messages retirés du suivi.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} messages à suivre.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>À&#xa0;: {to}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WaitingList</name>
    <message>
        <source>Boîte d’envoi</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rien n’attend&#xa0;: tout est parti.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>et {number} autres</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WaitingTile</name>
    <message>
        <source>Envoyer maintenant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Il est bien arrivé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Renvoyer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reprendre</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>depuis {when}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sans objet</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Workbench</name>
    <message>
        <source>Classer dans le DUI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retour au message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>columns</name>
    <message>
        <source>Date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>De</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Objet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PJ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taille</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Usager</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>État</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>commands</name>
    <message>
        <source>Affichage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Messagerie</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outils</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>doctor</name>
    <message>
        <source>Autorités de la messagerie</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Autorités des services web</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copie de l’Annuaire : absente, elle sera chargée</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copie de l’Annuaire : présente</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dossier d’export du DUI : introuvable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dossier d’export du DUI : présent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dossier {} : {} Mo libres</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Environnement : {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Environnement illisible : {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lecteur de carte : aucun n’est branché</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lecteur de carte : branché</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lecteur de carte : pas de service PC/SC ; e-CPS seulement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Magasins de courrier sur ce poste : {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trousseau du système : absent ; les magasins ne dureront que le temps du programme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trousseau du système : présent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mssclient {}, Python {}, Qt {}, {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} : installées</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} : {} manque ou ne convient pas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} n’est pas installé</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>documents</name>
    <message>
        <source>Annoncé comme document structuré, mais n’est pas un CDA lisible&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aucun document de l’archive ne porte d’INS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce document annule et remplace une version précédente&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce fichier contient un élément interdit&#x202f;; il a été refusé.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce fichier dépasse les limites admises&#x202f;; il a été refusé.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce fichier est abîmé ou incomplet&#x202f;; il n’a pas été lu.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce fichier est vide.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce fichier n’est pas ce qu’il annonce&#x202f;; il n’a pas été lu.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deux documents différents portent le même identifiant&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document de type inconnu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document présent deux fois, compté une seule&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document sans nom de fichier, retrouvé par son empreinte&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document structuré que l’archive ne décrit pas&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La clé du matricule INS est fausse&#x202f;; pas de classement automatique&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La taille annoncée n’est pas celle du document&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le matricule INS de l’archive et celui du document diffèrent, identité à vérifier&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Les documents concernent plusieurs usagers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Les traits d’identité de l’archive et du document diffèrent, identité à vérifier&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’INS figure dans le document mais pas dans l’archive, identité à vérifier&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’archive et le document ne portent pas le même identifiant de document&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’archive et le document n’annoncent pas le même type&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’archive ne décrit aucun document&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’archive n’identifie pas l’usager&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’archive était elle-même dans une archive&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’empreinte annoncée n’est pas celle du document&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’expéditeur demande la suppression de ce document&#x202f;; rien n’est supprimé sans votre décision&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message hors normes&#xa0;: une partie n’a pas été lue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nom de fichier inexact, document retrouvé par son empreinte&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Particularité relevée&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pas de dossier IHE_XDM dans cette archive&#xa0;: simple fichier ZIP</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pièce jointe abîmée, contenu non lu&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pièce jointe dangereuse (programme, script ou page active)&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pièce jointe qui n’est pas ce qu’elle annonce&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pièce jointe refusée, elle contient un élément interdit&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pièce jointe refusée, son contenu dépasse les limites&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pièce jointe vide&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Un des METADATA.XML de l’archive est illisible&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Un document annoncé manque dans l’archive&#xa0;: {}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>notes</name>
    <message>
        <source>Ce message n’a pas pu être lu.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Envoyer l’accusé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le texte de ce message n’a pas pu être reçu. Il est intact chez l’opérateur.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’expéditeur demande un accusé de lecture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ne pas envoyer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Réessayer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Un accusé de lecture est demandé pour {address}, qui n’est pas l’adresse de l’expéditeur. L’envoyer&#x202f;?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Un contenu distant a été bloqué&#xa0;: rien n’est chargé depuis Internet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} contenus distants ont été bloqués&#xa0;: rien n’est chargé depuis Internet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Échange clos&#xa0;: l’usager ne peut pas répondre tant que vous ne lui écrivez pas à nouveau.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>report</name>
    <message>
        <source>Attention : {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>De : {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document : {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nature : {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Objet : {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pièce jointe : {} ({}, {} octets)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Réponse automatique : {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>archive IHE_XDM</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>autre</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>document CDA</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>À : {}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>toolbar</name>
    <message>
        <source>Annuler</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Annuler la dernière action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Barre d’outils</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classer dans le DUI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Déplacer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lu ou non lu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Marquer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Marquer comme lu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Marquer comme non lu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Menu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Menu (F10)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Non lu précédent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Non lu suivant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nouveau</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nouveau message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rechercher (Ctrl+K)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rechercher dans le message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rechercher dans toutes les boîtes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Répondre</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Répondre à tous</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Supprimer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transférer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>À suivre</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>À tous</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>wording</name>
    <message>
        <source>1 non lu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 pièce jointe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1er</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accusé de lecture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adresse mal formée.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adresse refusée.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Affiché chez le destinataire</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Annuaire en cours d’actualisation…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Annuaire&#xa0;: {n} adresses</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Annulé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Archive ZIP</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Archives</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arrivé, mais non intégré au dossier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aucun annuaire sur ce poste&#xa0;: actualisez-le pour chercher un correspondant.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aucun chemin vers le serveur du destinataire.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aucun lecteur de carte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aucun message n’est perdu.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aucune carte dans le lecteur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Auteur du document non habilité, selon le logiciel du destinataire.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Avis de remise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Boîte applicative</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Boîte de cabinet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Boîte de réception</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Boîte de service</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Boîte inconnue&#xa0;: cette adresse n’existe pas chez le destinataire.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Boîte personnelle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Branchez le lecteur&#x202f;; il sera reconnu tout seul.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brouillons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce document a déjà été classé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce document ne peut pas être affiché</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce domaine ne reçoit pas de messages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce dossier n’existe plus chez l’opérateur.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce fichier n’a pas été joint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce genre de fichier n’est pas admis dans le DUI.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce message ne peut pas partir tel quel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce message ne peut pas être affiché</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce n’est pas le genre de fichier annoncé.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce poste ne gère pas les lecteurs de carte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce poste n’a pas le droit d’écrire dans le dossier du DUI.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ce qui était déjà enregistré est intact, mais plus rien ne peut l’être. Libérez de la place, puis réessayez.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cette boîte ne peut pas être ouverte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cette carte n’est pas une carte CPS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cette réponse automatique ne nomme aucun destinataire.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cherchez son adresse actuelle dans l’annuaire.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choisir le dossier…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choisissez-en un autre.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classer quand même</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Corbeille</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C’est une carte Vitale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Demandez à l’expéditeur de vous l’envoyer de nouveau.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Demandez à l’expéditeur un autre exemplaire.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Destinataire</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document OpenDocument</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document Word</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document XML</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Domaine inconnu&#xa0;: aucun serveur ne reçoit de messages pour cette adresse.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Envoi en cours.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Envoyez les pièces jointes en plusieurs messages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Envoyés</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fermer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fichier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fichier {extension}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hors MSSanté</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Il est déjà parti&#x202f;; son devenir se lit dans les messages envoyés.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Il est gardé comme brouillon.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Il est trop tard pour reprendre ce message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Il ne propose pas une connexion assez protégée.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Il n’a pas été écrit une seconde fois.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image {format}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Imagerie DICOM</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Incident temporaire chez le destinataire.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indiquez au moins un destinataire.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indésirables</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Insérez une carte de la famille CPx&#xa0;: CPS, CPF, CPE ou CPA.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Insérez votre carte CPS, puce vers le lecteur.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Intégré au dossier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Intégré dans le dossier par le logiciel du destinataire</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Joignez le destinataire autrement, puis renvoyez plus tard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La boîte a été transférée ailleurs, sans suivi.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La boîte du destinataire est pleine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La boîte du destinataire est suspendue ou désactivée.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La boîte du destinataire ne peut pas recevoir.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La boîte est occupée par un autre poste.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La carte ne répond pas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La configuration publiée pour ce domaine manque ou n’est pas cohérente.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La connexion n’a pas abouti</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La copie locale des messages est abîmée</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La copie locale ne peut pas être déchiffrée</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La demande a expiré avant d’être acceptée.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La demande a été refusée ou annulée dans Pro Santé Connect.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La demande n’a pas été acceptée sur le téléphone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La liaison avec le serveur du destinataire a été coupée.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La ligne a été coupée pendant l’envoi. Le message est gardé et ne repartira pas sans votre accord&#xa0;: ouvrez la boîte d’envoi pour décider.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La ligne a été coupée pendant l’envoi&#xa0;: le message est peut-être arrivé. Il ne repartira pas sans votre accord.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La liste de diffusion n’a pas pu être développée.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La messagerie est déjà ouverte sur ce poste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La personne identifiée n’est pas celle de la carte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La pièce jointe est intacte chez l’opérateur.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La pièce jointe n’a pas été modifiée.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La référence du produit (X-MSS-NIL) n’est pas configurée&#xa0;: prévenez votre service informatique.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le brouillon est intact, sans cette pièce jointe.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le compte est désactivé chez l’opérateur.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le contenu du message n’est pas accepté.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le contenu n’est pas d’un genre accepté.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le disque de ce poste est plein</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le disque du dossier du DUI est plein.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le document ne porte pas d’INS.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le document n’a pas été classé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le dossier du DUI a disparu pendant l’écriture&#x202f;; rien n’y reste à moitié écrit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le dossier du DUI est introuvable ou n’a pas encore été choisi.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le dossier du DUI n’accepte pas ce nom de fichier&#x202f;; raccourcissez le type.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le fichier contient ce que la sécurité interdit d’ouvrir.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le fichier dépasse ce que ce poste accepte d’ouvrir.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le fichier est abîmé.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le fichier est vide.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le logiciel du destinataire a répondu&#xa0;: «&#xa0;{words}&#xa0;».</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le logiciel du destinataire n’a pas pu intégrer le document.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le message dépasse les {size} admis par votre opérateur. Retirez une pièce jointe.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le message est intact chez l’opérateur.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le message est resté comme il était.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le message est vide.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le message n’a pas pu être remis dans le délai.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le message n’est pas parti&#x202f;; il est redevenu un brouillon, rien n’en est perdu.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le message reçu n’a pas été modifié.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le message tourne en boucle entre deux serveurs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le serveur a répondu&#xa0;: «&#xa0;{words}&#xa0;».</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le serveur du destinataire est en difficulté.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le serveur du destinataire est plein.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le serveur du destinataire ne reçoit pas en ce moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le serveur du destinataire ne répond pas.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le serveur du destinataire n’a pas pu être joint.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le serveur est trop chargé.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le service des cartes à puce (PC/SC) n’est pas installé ou pas démarré.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le service est momentanément indisponible</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Le texte parle d’une pièce jointe, mais il n’y en a pas.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Les autorités de confiance de ce poste sont incomplètes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Les deux serveurs ne se sont pas compris.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Les messages déjà reçus sur ce poste restent lisibles.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Les traits d’identité sont incomplets.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logiciel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’INS et les traits d’identité ne concordent pas.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’accusé de lecture n’est pas parti</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’adresse d’expédition n’est pas acceptée.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’annuaire des domaines ne répond pas.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’annuaire déjà présent sur ce poste reste utilisable.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’annuaire n’a pas pu être actualisé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’annuaire n’a pas été remplacé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’annuaire reçu n’a pas été accepté</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’objet est vide.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’opérateur a refusé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’opérateur a refusé ce changement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’opérateur a refusé ce message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’opérateur a répondu&#xa0;: «&#xa0;{words}&#xa0;».</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’opérateur de cette adresse n’a pas été trouvé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’opérateur demande de joindre son assistance.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’opérateur ne sait pas faire cela dans ce dossier.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’opérateur n’a pas accepté votre identité pour cette boîte.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’opérateur n’a pas accepté votre identité.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’opérateur n’accepte pas ce moyen de connexion.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’opérateur refuse l’accès à cette boîte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L’usager n’est pas confirmé&#xa0;: vérifiez son nom, son prénom et sa naissance.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message joint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message trop volumineux pour la boîte du destinataire.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message trop volumineux pour le serveur du destinataire.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mon espace santé refuse les messages de plus de {size}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Non intégré</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Non lu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Non remis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>N’a pas pu partir&#x202f;; nouvelle tentative à {at}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>N’est pas arrivé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On ne sait pas si un message est arrivé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On n’écrit pas à la main depuis une boîte applicative&#xa0;: choisissez une autre boîte.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ouvrir la boîte d’envoi</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PDF</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page HTML</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Part à {at}&#x202f;; vous pouvez encore le reprendre.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parti {at}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parti.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pas de connexion au service</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pas encore remis, votre opérateur continue d’essayer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pris en charge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pris en charge par votre opérateur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pro Santé Connect a reconnu quelqu’un d’autre que le titulaire de la carte.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pro Santé Connect ne connaît pas ce numéro.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Professionnel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prévenez le destinataire&#xa0;: le message est bien dans sa boîte.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prévenez votre service informatique&#x202f;; la connexion sera retentée d’elle-même.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recommencer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refus définitif, sans raison précisée.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refusé par l’opérateur&#xa0;: rien n’est parti.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refusé par règle&#xa0;: cet expéditeur ou ce destinataire n’est pas autorisé.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refusé par une règle de sécurité.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remis au serveur du destinataire</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reprendre le brouillon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repris avant de partir.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retardé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retirez la carte, remettez la vôtre et recommencez.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retirez-la, essuyez la puce et réinsérez-la.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rien de ce qui était enregistré n’est perdu.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rien ne lui a été envoyé&#xa0;: ni message, ni identité.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rien n’a été fait.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rien n’a été écrit dans le dossier du DUI.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rien n’a été écrit à l’endroit choisi.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rien n’en a été exécuté.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rien n’est perdu. Fermez l’autre fenêtre ou l’autre session, puis réessayez.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rien n’y a été lu. Insérez votre carte CPS à la place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Réessayer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Réessayer maintenant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Réessayez plus tard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Réessayez quand la connexion sera revenue.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Réponse du logiciel du destinataire</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Se connecter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Son</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Son certificat a été délivré pour un autre serveur.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Son certificat a été révoqué.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Son certificat ne vient pas de l’autorité attendue.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Son certificat n’est pas valable à la date de ce poste.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Structure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tableur Excel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Texte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Texte mis en forme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trop de destinataires.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Un dossier porte déjà ce nom.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Un fichier d’autorité manque ou n’est pas celui attendu.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Un message ne concerne qu’un usager&#xa0;: écrivez-leur séparément.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Un serveur n’a pas pu prouver qu’il est digne de confiance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Une erreur inattendue s’est produite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Une limite de l’opérateur est atteinte.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Une nouvelle tentative aura lieu toute seule.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Une réinstallation par votre service informatique est nécessaire.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Une version plus récente a été utilisée sur ce poste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Usager</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Usager inconnu du logiciel du destinataire.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version du document non acceptée par le logiciel du destinataire.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vidéo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vos autres boîtes continuent de fonctionner.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vos brouillons et votre boîte d’envoi sont gardés. Identifiez-vous de nouveau pour reprendre là où vous en étiez.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vos données sont intactes. Installez la version récente pour les ouvrir.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vos messages et vos brouillons sont gardés sur ce poste.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vos messages sont intacts chez l’opérateur. Le trousseau de votre session Windows ou Linux ne donne pas la clé&#xa0;: ouvrez le trousseau, puis réessayez.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vos messages sont intacts chez l’opérateur. Prévenez votre service informatique avant de continuer&#xa0;: des brouillons peuvent encore être récupérés.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Votre accès à cette boîte a expiré.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Votre boîte est pleine&#xa0;: classez puis supprimez des messages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Votre message est gardé dans la boîte d’envoi.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Votre session Pro Santé Connect est terminée</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Votre texte est toujours dans la fenêtre de rédaction.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vous n’avez pas ce droit dans cette boîte.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vous n’êtes pas habilité à ouvrir cette boîte.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vous pouvez aussi vous connecter avec e-CPS.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vous pouvez continuer. Si cela se répète, transmettez les détails à votre support.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vous écrivez à un usager&#xa0;: {name}, sexe {sex}, naissance {month} {year}. Est-ce la bonne personne&#x202f;?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vérifiez la date et l’heure du poste, puis prévenez l’opérateur.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vérifiez l’adresse&#x202f;; si elle est juste, prévenez l’opérateur.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>août</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>aucun non lu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>aucune pièce jointe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>aujourd’hui {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>avr.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>avril</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>classé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>conversation de {n} messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>dimanche</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>déc.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>décembre</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>féminin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>févr.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>février</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hier {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>janv.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>janvier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>jeudi</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>juil.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>juillet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>juin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lundi</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mai</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mardi</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mars</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>masculin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mercredi</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>non déterminé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>non précisé</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nov.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>novembre</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>oct.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>octobre</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>répondu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>samedi</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sans objet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>septembre</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>suivi</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>transféré</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>usager {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>vendredi</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{about} destinataires&#xa0;: 10 au plus. Retirez-en.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{about} est hors de l’espace de confiance MSSanté&#xa0;: le message ne peut pas y partir.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{about} figure deux fois parmi les destinataires.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{about} ne peut pas être vérifiée&#xa0;: la liste des domaines de confiance n’a pas encore été reçue.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{about}&#xa0;: la clé du matricule INS est fausse. Vérifiez l’identité de l’usager.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{about}&#xa0;: l’adresse d’un usager ne se saisit pas&#x202f;; répondez à son message ou partez de son dossier.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count}, d’il y a {days} jours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count}, à jour d’aujourd’hui</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count}, à jour d’hier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{day} {number} {month} {year} à {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{day} {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{day}. {number} {month}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{head}, {at}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{head}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{hour} h {minute}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} non lus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} pièces jointes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n}&#xa0;Go</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n}&#xa0;Mo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n}&#xa0;ko</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n}&#xa0;o</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{who}&#xa0;: {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>«&#xa0;{about}&#xa0;» n’est pas une adresse complète.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Écrit pendant une session précédente&#xa0;: il attend votre accord pour partir.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>à classer</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
