"""Word lists for invented French people, places and structures: frequent names and the difficult ones, nobody's own."""

from __future__ import annotations


def _listed(text: str) -> tuple[str, ...]:
    return tuple(piece.strip() for piece in text.replace("\n", " ").split(",") if piece.strip())


GIVEN = _listed("""
Marie, Jean, Pierre, Michel, Nathalie, Isabelle, Philippe, Catherine, Alain, Sylvie, Patrick, Françoise,
Nicolas, Valérie, Christophe, Christine, Laurent, Sandrine, Sophie, Stéphanie, Céline, Julien, Aurélie, Thomas,
Émilie, David, Frédéric, Véronique, Éric, Sébastien, Hélène, Mathieu, Camille, Léa, Manon, Lucas, Hugo, Chloé,
Inès, Clara, Antoine, Maxime, Alexandre, Élodie, Mélanie, Jérôme, Benoît, François, Anaïs, Maëlle, Gaëlle, Loïc,
Yann, Aïcha, Karim, Fatima, Mohamed, Samir, Nadia, Yasmine, Amélie, Clémence, Éloïse, Zoé, Noé, Raphaël, Gaël,
Joël, Noëlle, Solène, Agnès, Thérèse, Geneviève, Jean-Pierre, Jean-Michel, Jean-Baptiste, Jean-François,
Anne-Sophie, Anne-Marie, Marie-Claude, Marie-Hélène, Marie-Laure, Marie-Thérèse, Pierre-Yves, Charles-Henri,
Claire, Paul, Louis, Jules, Arthur, Rose, Alice, Louise, Jeanne, Martin, Dominique, Claude, Maxence, Thibault,
Guillaume, Romain, Florian, Quentin, Bastien, Adrien, Vincent, Olivier, Bruno, Pascal, Thierry, Didier, Gérard,
René, André, Marcel, Odile, Monique, Jacqueline, Brigitte, Martine, Corinne, Delphine, Virginie, Laetitia,
Séverine, Ludivine, Marion, Pauline, Justine, Margaux, Mathilde, Juliette, Charlotte, Élise, Estelle, Ève,
Cécile
""")
FAMILY = _listed("""
Martin, Bernard, Thomas, Petit, Robert, Richard, Durand, Dubois, Moreau, Laurent, Simon, Michel, Lefebvre,
Leroy, Roux, David, Bertrand, Morel, Fournier, Girard, Bonnet, Dupont, Lambert, Fontaine, Rousseau, Vincent,
Muller, Lefèvre, Faure, André, Mercier, Blanc, Guérin, Boyer, Garnier, Chevalier, François, Legrand, Gauthier,
Garcia, Perrin, Robin, Clément, Morin, Nicolas, Henry, Roussel, Mathieu, Gautier, Masson, Marchand, Duval,
Denis, Dumont, Marie, Lemaire, Noël, Meyer, Dufour, Meunier, Brun, Blanchard, Giraud, Joly, Rivière, Lucas,
Brunet, Gaillard, Barbier, Arnaud, Martinez, Gérard, Roche, Renard, Schmitt, Roy, Leroux, Colin, Vidal, Caron,
Picard, Roger, Fabre, Aubert, Lemoine, Renaud, Dumas, Lacroix, Olivier, Philippe, Bourgeois, Pierre, Benoît,
Rey, Leclerc, Payet, Rolland, Leclercq, Guillaume, Lecomte, Lopez, Jean, Dupuy, Guillot, Hubert, Berger,
Carpentier, Sanchez, Dupuis, Moulin, Louis, Deschamps, Huet, Vasseur, Perez, Boucher, Fleury, Royer, Klein,
Jacquet, Adam, Paris, Poirier, Marty, Aubry, Guyot, Carré, Charles, Renault, Charpentier, Ménard, Maillard,
Baron, Bertin, Bailly, Hervé, Schneider, Fernandez, Collet, Léger, Bouvier, Julien, Prévost, Millet, Perrot,
Le Goff, Le Gall, Le Roux, Le Guen, Le Bihan, Kervella, Guégan, Tanguy, Quéméner, L'Hostis, L'Hermitte,
D'Almeida, D'Hondt, De La Croix, De Oliveira, Da Silva, Dos Santos, Van Den Berghe, Vandenbroucke,
De Saint-Aubin, Du Plessis, Des Rochers, Nguyen, Tran, Pham, Diallo, Traoré, Benali, Haddad, Boukhari,
El Amrani, Ben Youssef, Cohen, Lévy, Œuvrard, Fœssel, Maës, Ÿcard, Saint-Martin, Sainte-Rose, Delacroix, Dupond,
Lefébure, Lefeuvre, Meier, Mayer, Mulller, Thibaud, Thibault, Tibault
""")
BEGINNINGS = _listed("""
Bar, Bel, Ber, Bli, Bon, Bour, Bra, Bri, Cal, Cas, Cha, Chau, Clo, Cor, Cou, Cré, Dal, Dar, Del, Des, Dou, Dré,
Fau, Fer, Flo, Fou, Gal, Gar, Gau, Ger, Gou, Gra, Gué, Hau, Her, Jac, Jo, Ker, La, Lan, Lau, Lé, Lor, Ma, Mal,
Mar, Mau, Mer, Mon, Mou, Nau, Nor, Or, Pa, Pel, Per, Pi, Plan, Pon, Pra, Qué, Ra, Ré, Ri, Ro, Rou, Sa, Sal, Sau,
Ser, Sou, Ta, Tar, Thé, Tou, Tré, Va, Val, Ver, Vi, Vau, Ville, Vo, Zi
""")
MIDDLES = _listed("""
ba, bi, bo, che, chi, da, de, di, do, fe, ga, gi, gno, la, le, li, lo, ma, mi, mo, na, ne, ni, no, pa, pe, ra,
re, ri, ro, sse, ssi, ta, te, ti, to, va, ve, vi
""")
ENDINGS = _listed("""
ard, eau, el, elle, er, et, ette, ez, ie, ier, ière, in, ion, is, on, ot, oux, rand, rel, rin, rot, sart, tel,
ton, val, ville, bert, chon, court, dier, don, fort, lain, lin, mont, nac, nier, quet, san, zac
""")
TOWNS = _listed("""
01000 BOURG EN BRESSE, 02000 LAON, 03000 MOULINS, 04000 DIGNE LES BAINS, 05000 GAP, 06000 NICE, 06400 CANNES,
07000 PRIVAS, 08000 CHARLEVILLE MEZIERES, 09000 FOIX, 10000 TROYES, 11000 CARCASSONNE, 11100 NARBONNE,
12000 RODEZ, 13001 MARSEILLE, 13008 MARSEILLE, 13100 AIX EN PROVENCE, 14000 CAEN, 15000 AURILLAC,
16000 ANGOULEME, 17000 LA ROCHELLE, 18000 BOURGES, 19000 TULLE, 20000 AJACCIO, 20200 BASTIA, 21000 DIJON,
22000 SAINT BRIEUC, 23000 GUERET, 24000 PERIGUEUX, 25000 BESANCON, 26000 VALENCE, 27000 EVREUX, 28000 CHARTRES,
29000 QUIMPER, 29200 BREST, 30000 NIMES, 31000 TOULOUSE, 31300 TOULOUSE, 32000 AUCH, 33000 BORDEAUX,
33600 PESSAC, 34000 MONTPELLIER, 34500 BEZIERS, 35000 RENNES, 35400 SAINT MALO, 36000 CHATEAUROUX, 37000 TOURS,
38000 GRENOBLE, 38200 VIENNE, 39000 LONS LE SAUNIER, 40000 MONT DE MARSAN, 41000 BLOIS, 42000 SAINT ETIENNE,
42300 ROANNE, 43000 LE PUY EN VELAY, 44000 NANTES, 44600 SAINT NAZAIRE, 45000 ORLEANS, 46000 CAHORS, 47000 AGEN,
48000 MENDE, 49000 ANGERS, 50100 CHERBOURG EN COTENTIN, 51100 REIMS, 52000 CHAUMONT, 53000 LAVAL, 54000 NANCY,
55000 BAR LE DUC, 56000 VANNES, 56100 LORIENT, 57000 METZ, 58000 NEVERS, 59000 LILLE, 59100 ROUBAIX,
59140 DUNKERQUE, 60000 BEAUVAIS, 61000 ALENCON, 62000 ARRAS, 62100 CALAIS, 63000 CLERMONT FERRAND, 64000 PAU,
64100 BAYONNE, 65000 TARBES, 66000 PERPIGNAN, 67000 STRASBOURG, 68000 COLMAR, 68100 MULHOUSE, 69001 LYON,
69003 LYON, 69008 LYON, 69100 VILLEURBANNE, 69400 VILLEFRANCHE SUR SAONE, 70000 VESOUL, 71000 MACON,
72000 LE MANS, 73000 CHAMBERY, 74000 ANNECY, 75005 PARIS, 75013 PARIS, 75018 PARIS, 76000 ROUEN, 76600 LE HAVRE,
77000 MELUN, 78000 VERSAILLES, 79000 NIORT, 80000 AMIENS, 81000 ALBI, 82000 MONTAUBAN, 83000 TOULON,
84000 AVIGNON, 85000 LA ROCHE SUR YON, 86000 POITIERS, 87000 LIMOGES, 88000 EPINAL, 89000 AUXERRE,
90000 BELFORT, 91000 EVRY COURCOURONNES, 92000 NANTERRE, 93200 SAINT DENIS, 94000 CRETEIL, 95000 CERGY,
97110 POINTE A PITRE, 97200 FORT DE FRANCE, 97300 CAYENNE, 97400 SAINT DENIS, 97600 MAMOUDZOU
""")
STREETS = _listed("""
de la République, Victor Hugo, des Lilas, du Général de Gaulle, Jean Jaurès, de l’Église, des Acacias,
du 8 Mai 1945, Pasteur, de la Gare, Sainte-Catherine, d’Alsace, Marie Curie, du Faubourg Saint-Honoré,
de l’Hôtel de Ville
""")
HOUSES = _listed("""
Les Tilleuls, Les Glycines, Le Clos Fleuri, Les Hortensias, La Roseraie, Bel Air, Le Parc, Sainte-Marie,
Saint-Joseph, Notre-Dame, Les Jardins d’Automne, Les Magnolias, L’Orangerie, Les Quatre Saisons, Beau Soleil,
Le Mas des Oliviers, Les Coquelicots, La Source, Les Peupliers, Val de Brume, Marie Curie, Pierre Dubois,
Louis Pasteur, Les Cèdres, L’Abbaye
""")
SERVICES = _listed("""
Cardiologie, Gériatrie, Court séjour gériatrique, Médecine polyvalente, Urgences, Pneumologie, Neurologie,
Oncologie, Radiologie, Laboratoire de biologie médicale, Secrétariat de chirurgie viscérale, Pédiatrie,
Maternité, Néphrologie et dialyse, Psychiatrie secteur 3, Soins palliatifs, Hospitalisation à domicile,
Orthopédie, Pharmacie à usage intérieur, Service social, Bureau des entrées, Consultations externes,
Unité de soins de longue durée, Diabétologie
""")
