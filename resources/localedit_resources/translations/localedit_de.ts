<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Actions</name>
    <message>
        <source>&amp;New</source>
        <translation>&amp;Neu</translation>
    </message>
    <message>
        <source>Begin anew on the open generator</source>
        <translation>Auf dem offenen Generator neu beginnen</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>Ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>Open a session, an exported picture or a generator</source>
        <translation>Eine Sitzung, ein exportiertes Bild oder einen Generator öffnen</translation>
    </message>
    <message>
        <source>&amp;Generators…</source>
        <translation>&amp;Generatoren …</translation>
    </message>
    <message>
        <source>Choose a generator, or an example to begin with</source>
        <translation>Einen Generator oder ein Beispiel zum Anfangen wählen</translation>
    </message>
    <message>
        <source>&amp;Import Checkpoint…</source>
        <translation>Checkpoint &amp;importieren …</translation>
    </message>
    <message>
        <source>Convert a published checkpoint once; nothing in it is run</source>
        <translation>Einen veröffentlichten Checkpoint einmal umwandeln; nichts darin wird ausgeführt</translation>
    </message>
    <message>
        <source>Model &amp;Library…</source>
        <translation>Mode&amp;llbibliothek …</translation>
    </message>
    <message>
        <source>Imported generators, and published ones to fetch</source>
        <translation>Importierte Generatoren und veröffentlichte zum Herunterladen</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>S&amp;peichern</translation>
    </message>
    <message>
        <source>Save the session</source>
        <translation>Die Sitzung speichern</translation>
    </message>
    <message>
        <source>Save &amp;As…</source>
        <translation>Speichern &amp;unter …</translation>
    </message>
    <message>
        <source>Save the session to another file</source>
        <translation>Die Sitzung in eine andere Datei speichern</translation>
    </message>
    <message>
        <source>&amp;Export Picture…</source>
        <translation>Bild &amp;exportieren …</translation>
    </message>
    <message>
        <source>Write the picture as PNG, with the session inside</source>
        <translation>Das Bild als PNG speichern, mit der Sitzung darin</translation>
    </message>
    <message>
        <source>Export &amp;Diff Map…</source>
        <translation>Differenz&amp;karte exportieren …</translation>
    </message>
    <message>
        <source>Write the map of what changed as PNG</source>
        <translation>Die Karte der Änderungen als PNG speichern</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>Been&amp;den</translation>
    </message>
    <message>
        <source>Close LocalEdit</source>
        <translation>LocalEdit schließen</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Take the last step back</source>
        <translation>Den letzten Schritt zurücknehmen</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Do the step again that was taken back</source>
        <translation>Den zurückgenommenen Schritt wiederholen</translation>
    </message>
    <message>
        <source>&amp;Mute Edit</source>
        <translation>Bearbeitung s&amp;tummschalten</translation>
    </message>
    <message>
        <source>Mute the selected edit, or let it act again</source>
        <translation>Die gewählte Bearbeitung stummschalten oder wieder wirken lassen</translation>
    </message>
    <message>
        <source>D&amp;uplicate Edit</source>
        <translation>Bearbeitung &amp;duplizieren</translation>
    </message>
    <message>
        <source>Copy the selected edit</source>
        <translation>Die gewählte Bearbeitung duplizieren</translation>
    </message>
    <message>
        <source>Move Edit &amp;Up</source>
        <translation>Bearbeitung nach &amp;oben</translation>
    </message>
    <message>
        <source>Move the selected edit up in the stack</source>
        <translation>Die gewählte Bearbeitung im Stapel nach oben schieben</translation>
    </message>
    <message>
        <source>Move Edit Do&amp;wn</source>
        <translation>Bearbeitung nach &amp;unten</translation>
    </message>
    <message>
        <source>Move the selected edit down in the stack</source>
        <translation>Die gewählte Bearbeitung im Stapel nach unten schieben</translation>
    </message>
    <message>
        <source>&amp;Delete Edit</source>
        <translation>Bearbeitung &amp;löschen</translation>
    </message>
    <message>
        <source>Remove the selected edit</source>
        <translation>Die gewählte Bearbeitung aus dem Stapel entfernen</translation>
    </message>
    <message>
        <source>&amp;Random Target</source>
        <translation>&amp;Zufälliges Zielbild</translation>
    </message>
    <message>
        <source>Edit a random picture of the generator</source>
        <translation>Ein zufälliges Bild des Generators bearbeiten</translation>
    </message>
    <message>
        <source>Target by &amp;Number…</source>
        <translation>Zielbild nach &amp;Nummer …</translation>
    </message>
    <message>
        <source>Edit the picture of a number (seed)</source>
        <translation>Das Bild einer Nummer (Startwert) bearbeiten</translation>
    </message>
    <message>
        <source>Next &amp;Class</source>
        <translation>Nächste &amp;Klasse</translation>
    </message>
    <message>
        <source>Draw pictures of the next class, for generators with classes</source>
        <translation>Bilder der nächsten Klasse zeichnen, bei Generatoren mit Klassen</translation>
    </message>
    <message>
        <source>&amp;Previous Class</source>
        <translation>&amp;Vorige Klasse</translation>
    </message>
    <message>
        <source>Draw pictures of the class before, for generators with classes</source>
        <translation>Bilder der vorigen Klasse zeichnen, bei Generatoren mit Klassen</translation>
    </message>
    <message>
        <source>More &amp;Varied</source>
        <translation>&amp;Abwechslungsreicher</translation>
    </message>
    <message>
        <source>Raise the truncation: rarer pictures, more artefacts</source>
        <translation>Die Trunkierung anheben: seltenere Bilder, mehr Bildfehler</translation>
    </message>
    <message>
        <source>More &amp;Typical</source>
        <translation>&amp;Typischer</translation>
    </message>
    <message>
        <source>Lower the truncation: more common pictures</source>
        <translation>Die Trunkierung senken: gewöhnlichere Bilder</translation>
    </message>
    <message>
        <source>Select &amp;No Part</source>
        <translation>&amp;Keinen Teil wählen</translation>
    </message>
    <message>
        <source>Select no part</source>
        <translation>Keinen Teil wählen</translation>
    </message>
    <message>
        <source>Catalog &amp;Workshop…</source>
        <translation>Katalog&amp;werkstatt …</translation>
    </message>
    <message>
        <source>Find and name the parts of this generator: cluster, name, check, save</source>
        <translation>Die Teile dieses Generators finden und benennen: clustern, benennen, prüfen, speichern</translation>
    </message>
    <message>
        <source>Show &amp;Original</source>
        <translation>&amp;Original zeigen</translation>
    </message>
    <message>
        <source>Show the picture without edits; or hold Space</source>
        <translation>Das Bild ohne Bearbeitungen zeigen; oder Leertaste gedrückt halten</translation>
    </message>
    <message>
        <source>&amp;Picture Only</source>
        <translation>&amp;Nur das Bild</translation>
    </message>
    <message>
        <source>Show nothing over the picture</source>
        <translation>Nichts über dem Bild zeigen</translation>
    </message>
    <message>
        <source>P&amp;arts</source>
        <translation>Te&amp;ile</translation>
    </message>
    <message>
        <source>Show the parts over the picture</source>
        <translation>Die Teile über dem Bild zeigen</translation>
    </message>
    <message>
        <source>&amp;Diff Map</source>
        <translation>&amp;Differenzkarte</translation>
    </message>
    <message>
        <source>Show what changed, in delta E, over the picture</source>
        <translation>Über dem Bild zeigen, was sich geändert hat, in Delta E</translation>
    </message>
    <message>
        <source>More O&amp;verlay</source>
        <translation>&amp;Mehr Überlagerung</translation>
    </message>
    <message>
        <source>Let the overlay cover more of the picture</source>
        <translation>Die Überlagerung das Bild stärker verdecken lassen</translation>
    </message>
    <message>
        <source>&amp;Less Overlay</source>
        <translation>&amp;Weniger Überlagerung</translation>
    </message>
    <message>
        <source>Let the overlay cover less of the picture</source>
        <translation>Die Überlagerung das Bild schwächer verdecken lassen</translation>
    </message>
    <message>
        <source>Zoom &amp;In</source>
        <translation>Ve&amp;rgrößern</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom O&amp;ut</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>Ein&amp;passen</translation>
    </message>
    <message>
        <source>Show the whole picture</source>
        <translation>Das ganze Bild zeigen</translation>
    </message>
    <message>
        <source>&amp;Actual Size</source>
        <translation>T&amp;atsächliche Größe</translation>
    </message>
    <message>
        <source>One screen pixel for each pixel of the picture</source>
        <translation>Ein Bildschirmpixel je Bildpixel</translation>
    </message>
    <message>
        <source>&amp;Automatic</source>
        <translation>&amp;Automatisch</translation>
    </message>
    <message>
        <source>Previews and thumbnails in half precision where that is quicker</source>
        <translation>Vorschauen und Miniaturen in halber Genauigkeit, wo das schneller ist</translation>
    </message>
    <message>
        <source>O&amp;n</source>
        <translation>&amp;Ein</translation>
    </message>
    <message>
        <source>Previews and thumbnails in half precision wherever the device can</source>
        <translation>Vorschauen und Miniaturen in halber Genauigkeit, wo immer das Gerät es kann</translation>
    </message>
    <message>
        <source>O&amp;ff</source>
        <translation>A&amp;us</translation>
    </message>
    <message>
        <source>Previews and thumbnails as exact as settled pictures</source>
        <translation>Vorschauen und Miniaturen so genau wie fertige Bilder</translation>
    </message>
    <message>
        <source>As the &amp;System</source>
        <translation>Wie das &amp;System</translation>
    </message>
    <message>
        <source>Dark or light as the system is</source>
        <translation>Dunkel oder hell wie das System</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>Light colours</source>
        <translation>Helle Farben</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Dunkel</translation>
    </message>
    <message>
        <source>Dark colours</source>
        <translation>Dunkle Farben</translation>
    </message>
    <message>
        <source>&amp;About LocalEdit</source>
        <translation>&amp;Über LocalEdit</translation>
    </message>
    <message>
        <source>What this program is</source>
        <translation>Was dieses Programm ist</translation>
    </message>
</context>
<context>
    <name>AutoBudget</name>
    <message>
        <source>The most that may change outside the part on average, in ΔE; about 2.3 is just noticeable.</source>
        <translation>Wie viel sich außerhalb des Teils im Mittel höchstens ändern darf, in ΔE; etwa 2,3 ist gerade wahrnehmbar.</translation>
    </message>
    <message>
        <source>Most change outside</source>
        <translation>Größte Änderung außerhalb</translation>
    </message>
    <message>
        <source>Outside ≤ ΔE</source>
        <translation>Außerhalb ≤ ΔE</translation>
    </message>
    <message>
        <source>Find &amp;Budget</source>
        <translation>Budget &amp;finden</translation>
    </message>
    <message>
        <source>Set the largest budget that changes no more than this outside the part</source>
        <translation>Das größte Budget einstellen, das außerhalb des Teils nicht mehr als diesen Wert ändert</translation>
    </message>
    <message>
        <source>Find budget</source>
        <translation>Budget finden</translation>
    </message>
</context>
<context>
    <name>Autosave</name>
    <message>
        <source>keeping unsaved work</source>
        <translation>ungespeicherte Arbeit wird gesichert</translation>
    </message>
</context>
<context>
    <name>BoardController</name>
    <message>
        <source>Choose at least one part.</source>
        <translation>Wählen Sie mindestens einen Teil.</translation>
    </message>
    <message>
        <source>Select an edit in the stack first: this board varies it.</source>
        <translation>Wählen Sie zuerst eine Bearbeitung im Stapel: Diese Tafel wandelt sie ab.</translation>
    </message>
</context>
<context>
    <name>BoardWindow</name>
    <message>
        <source>Board</source>
        <translation>Tafel</translation>
    </message>
    <message>
        <source>Parts of references</source>
        <translation>Teile von Referenzen</translation>
    </message>
    <message>
        <source>Budgets of the selected edit</source>
        <translation>Budgets der gewählten Bearbeitung</translation>
    </message>
    <message>
        <source>References of the selected edit</source>
        <translation>Referenzen der gewählten Bearbeitung</translation>
    </message>
    <message>
        <source>What is varied</source>
        <translation>Was abgewandelt wird</translation>
    </message>
    <message>
        <source>&amp;Parts</source>
        <translation>&amp;Teile</translation>
    </message>
    <message>
        <source>Which parts have a row</source>
        <translation>Welche Teile eine Zeile haben</translation>
    </message>
    <message>
        <source>How many references</source>
        <translation>Wie viele Referenzen</translation>
    </message>
    <message>
        <source>favourites and chosen ones</source>
        <translation>Favoriten und ausgewählte</translation>
    </message>
    <message>
        <source>The first picture of the references; below 0 the favourites come first</source>
        <translation>Das erste Bild der Referenzen; unter 0 kommen die Favoriten zuerst</translation>
    </message>
    <message>
        <source>First reference</source>
        <translation>Erste Referenz</translation>
    </message>
    <message>
        <source>Size of the pictures</source>
        <translation>Größe der Bilder</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren …</translation>
    </message>
    <message>
        <source>Write the board as PNG or PDF, once it is filled</source>
        <translation>Die Tafel als PNG oder PDF schreiben, sobald sie gefüllt ist</translation>
    </message>
    <message>
        <source>Alternatives</source>
        <translation>Alternativen</translation>
    </message>
    <message>
        <source>reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>Reference {name}</source>
        <translation>Referenz {name}</translation>
    </message>
    <message>
        <source>&amp;References:</source>
        <translation>&amp;Referenzen:</translation>
    </message>
    <message>
        <source>&amp;from</source>
        <translation>&amp;ab</translation>
    </message>
    <message>
        <source>&amp;Size:</source>
        <translation>&amp;Größe:</translation>
    </message>
</context>
<context>
    <name>Boards</name>
    <message>
        <source>&amp;Board of Alternatives…</source>
        <translation>&amp;Tafel der Alternativen …</translation>
    </message>
    <message>
        <source>Every part of every reference, or one edit&apos;s budgets and references</source>
        <translation>Jeder Teil jeder Referenz, oder Budgets und Referenzen einer Bearbeitung</translation>
    </message>
    <message>
        <source>Transfer of {part} from {name}</source>
        <translation>Übertragung: {part} von {name}</translation>
    </message>
    <message>
        <source>Parts of references on target {name}</source>
        <translation>Teile von Referenzen auf Zielbild {name}</translation>
    </message>
    <message>
        <source>budget {value:.3g}</source>
        <translation>Budget {value:.3g}</translation>
    </message>
    <message>
        <source>lambda {value:.3g}</source>
        <translation>Lambda {value:.3g}</translation>
    </message>
    <message>
        <source>strength {value:.3g}</source>
        <translation>Stärke {value:.3g}</translation>
    </message>
    <message>
        <source>{part}: {what}</source>
        <translation>{part}: {what}</translation>
    </message>
    <message>
        <source>{part} from {name}, more and more</source>
        <translation>{part} von {name}, mehr und mehr</translation>
    </message>
    <message>
        <source>{part} from other references</source>
        <translation>{part} von anderen Referenzen</translation>
    </message>
</context>
<context>
    <name>BudgetPanel</name>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>How the part gets from the reference here.</source>
        <translation>Wie der Teil von der Referenz hierher kommt.</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>How far the part goes to the reference.</source>
        <translation>Wie weit der Teil der Referenz folgt.</translation>
    </message>
    <message>
        <source>Budget ε</source>
        <translation>Budget ε</translation>
    </message>
    <message>
        <source>How much effect outside the part the edit may have, per layer. More budget changes the part more, and the rest too.</source>
        <translation>Wie viel Wirkung die Bearbeitung je Schicht außerhalb des Teils haben darf. Mehr Budget ändert den Teil mehr, und den Rest auch.</translation>
    </message>
    <message>
        <source>How strongly channels follow the reference.</source>
        <translation>Wie stark Kanäle der Referenz folgen.</translation>
    </message>
    <message>
        <source>Lambda λ</source>
        <translation>Lambda λ</translation>
    </message>
    <message>
        <source>Relevance floor</source>
        <translation>Relevanzschwelle</translation>
    </message>
    <message>
        <source>Channels that belong to the part by less than this share never move.</source>
        <translation>Kanäle, die zu weniger als diesem Anteil zum Teil gehören, bewegen sich nie.</translation>
    </message>
    <message>
        <source>Spatial guard</source>
        <translation>Räumlicher Schutz</translation>
    </message>
    <message>
        <source>Keeps the edit where its part is. At 0 channels act on the whole picture, as in the paper; at 1 the rest stays as it was.</source>
        <translation>Hält die Bearbeitung dort, wo ihr Teil ist. Bei 0 wirken Kanäle auf das ganze Bild, wie im Artikel; bei 1 bleibt der Rest, wie er war.</translation>
    </message>
    <message>
        <source>Coarse</source>
        <translation>Grob</translation>
    </message>
    <message>
        <source>Layers of 4 and 8 px: layout and pose.</source>
        <translation>Schichten von 4 und 8 px: Anordnung und Haltung.</translation>
    </message>
    <message>
        <source>Middle</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>16 and 32 px: shape.</source>
        <translation>16 und 32 px: Form.</translation>
    </message>
    <message>
        <source>Fine</source>
        <translation>Fein</translation>
    </message>
    <message>
        <source>64 px and up: colour and texture.</source>
        <translation>64 px und mehr: Farbe und Textur.</translation>
    </message>
    <message>
        <source>Colour layers</source>
        <translation>Farbschichten</translation>
    </message>
    <message>
        <source>Whether the layers that make colours of features (toRGB) take part.</source>
        <translation>Ob die Schichten mitwirken, die aus Merkmalen Farben machen (toRGB).</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>Erweitert</translation>
    </message>
    <message>
        <source>{part} from {seed}</source>
        <translation>{part} von {seed}</translation>
    </message>
    <message>
        <source>What the budget counts: scaled to each layer&apos;s width, or the same for every layer as in the published code.</source>
        <translation>Was das Budget zählt: auf die Breite jeder Schicht bezogen, oder für jede Schicht gleich wie im veröffentlichten Code.</translation>
    </message>
    <message>
        <source>Budget unit</source>
        <translation>Budgeteinheit</translation>
    </message>
    <message>
        <source>Per 512 channels</source>
        <translation>Je 512 Kanäle</translation>
    </message>
    <message>
        <source>Absolute, per layer</source>
        <translation>Absolut, je Schicht</translation>
    </message>
    <message>
        <source>Up to which resolution features come from the reference. More brings finer detail over, and harder edges.</source>
        <translation>Bis zu welcher Auflösung Merkmale von der Referenz kommen. Mehr überträgt feinere Einzelheiten, macht aber härtere Kanten.</translation>
    </message>
    <message>
        <source>Blend up to</source>
        <translation>Überblenden bis</translation>
    </message>
    <message>
        <source>{side} px</source>
        <translation>{side} px</translation>
    </message>
    <message>
        <source>Pick a part, then a reference.</source>
        <translation>Wählen Sie einen Teil, dann eine Referenz.</translation>
    </message>
    <message>
        <source>This generator has no styles: there are no channels that could be moved one by one. Blending copies the part&apos;s features or pixels instead.</source>
        <translation>Dieser Generator hat keine Stile: Es gibt keine Kanäle, die sich einzeln bewegen ließen. Überblendungen kopieren stattdessen die Merkmale oder Pixel des Teils.</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
</context>
<context>
    <name>CanvasLayers</name>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>Change in ΔE (CIE76)</source>
        <translation>Änderung in ΔE (CIE76)</translation>
    </message>
    <message>
        <source>just noticeable</source>
        <translation>gerade wahrnehmbar</translation>
    </message>
</context>
<context>
    <name>Cards</name>
    <message>
        <source>Portraits</source>
        <translation>Porträts</translation>
    </message>
    <message>
        <source>Drawn faces to compose part by part: hair from one, eyes and mouth from others. No real person is in it.</source>
        <translation>Gezeichnete Gesichter, Teil für Teil zusammenzusetzen: Haare von einem, Augen und Mund von anderen. Keine echte Person ist darunter.</translation>
    </message>
    <message>
        <source>Three witnesses</source>
        <translation>Drei Zeugen</translation>
    </message>
    <message>
        <source>Hair, eyes and mouth come from three other faces; the rest stays the first one&apos;s.</source>
        <translation>Haare, Augen und Mund kommen von drei anderen Gesichtern; der Rest bleibt vom ersten.</translation>
    </message>
    <message>
        <source>A beard grows</source>
        <translation>Ein Bart wächst</translation>
    </message>
    <message>
        <source>Only the beard of another face, on one that has none.</source>
        <translation>Nur der Bart eines anderen Gesichts, auf einem ohne Bart.</translation>
    </message>
    <message>
        <source>Another hat</source>
        <translation>Ein anderer Hut</translation>
    </message>
    <message>
        <source>One hat for another; hair and face beneath it stay as they are.</source>
        <translation>Ein Hut gegen einen anderen getauscht; Haare und Gesicht darunter bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Bedrooms</source>
        <translation>Schlafzimmer</translation>
    </message>
    <message>
        <source>Furnished rooms from different view points: try another room&apos;s cover, curtains, lamp or wall.</source>
        <translation>Möblierte Zimmer aus verschiedenen Blickwinkeln: Probieren Sie Bettdecke, Vorhänge, Lampe oder Wand eines anderen Zimmers.</translation>
    </message>
    <message>
        <source>New bed linen</source>
        <translation>Neue Bettwäsche</translation>
    </message>
    <message>
        <source>Cover and pillows of two other rooms; bed, walls and light stay as they are.</source>
        <translation>Bettdecke und Kissen aus zwei anderen Zimmern; Bett, Wände und Licht bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Coral curtains</source>
        <translation>Korallenrote Vorhänge</translation>
    </message>
    <message>
        <source>Only the curtains come from another room.</source>
        <translation>Nur die Vorhänge kommen aus einem anderen Zimmer.</translation>
    </message>
    <message>
        <source>A coat of paint</source>
        <translation>Ein neuer Anstrich</translation>
    </message>
    <message>
        <source>The wall of one room and the rug of another, round the same furniture.</source>
        <translation>Die Wand aus einem Zimmer und der Teppich aus einem anderen, um dieselben Möbel herum.</translation>
    </message>
</context>
<context>
    <name>CatalogWorkshop</name>
    <message>
        <source>Catalog Workshop</source>
        <translation>Katalogwerkstatt</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>Abbre&amp;chen</translation>
    </message>
    <message>
        <source>Give up what runs; what is done stays (Ctrl+.)</source>
        <translation>Laufendes abbrechen; Fertiges bleibt (Strg+.)</translation>
    </message>
    <message>
        <source>Next: Name ›</source>
        <translation>Weiter: Benennen ›</translation>
    </message>
    <message>
        <source>Next: Check ›</source>
        <translation>Weiter: Prüfen ›</translation>
    </message>
    <message>
        <source>Next: Save ›</source>
        <translation>Weiter: Speichern ›</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>{seconds} s left</source>
        <translation>noch {seconds} s</translation>
    </message>
    <message>
        <source>{minutes} min left</source>
        <translation>noch {minutes} min</translation>
    </message>
    <message>
        <source>1  Cluster</source>
        <translation>1  Clustern</translation>
    </message>
    <message>
        <source>Choose layer and K (Ctrl+1)</source>
        <translation>Schicht und K wählen (Strg+1)</translation>
    </message>
    <message>
        <source>2  Name</source>
        <translation>2  Benennen</translation>
    </message>
    <message>
        <source>Say what the clusters are (Ctrl+2)</source>
        <translation>Sagen, was die Cluster sind (Strg+2)</translation>
    </message>
    <message>
        <source>3  Check</source>
        <translation>3  Prüfen</translation>
    </message>
    <message>
        <source>Look at the parts, try them (Ctrl+3)</source>
        <translation>Die Teile ansehen und ausprobieren (Strg+3)</translation>
    </message>
    <message>
        <source>4  Save</source>
        <translation>4  Speichern</translation>
    </message>
    <message>
        <source>Save, open, use catalogs (Ctrl+4)</source>
        <translation>Kataloge speichern, öffnen, verwenden (Strg+4)</translation>
    </message>
    <message>
        <source>&amp;Catalog</source>
        <translation>Ka&amp;talog</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Step</source>
        <translation>&amp;Schritt</translation>
    </message>
</context>
<context>
    <name>ChannelBars</name>
    <message>
        <source>Channels moved per layer</source>
        <translation>Bewegte Kanäle je Schicht</translation>
    </message>
    <message>
        <source>{layer}: {moved} of {total}</source>
        <translation>{layer}: {moved} von {total}</translation>
    </message>
    <message>
        <source>Layer {layer}: {moved} of {total} style channels moved</source>
        <translation>Schicht {layer}: {moved} von {total} Stilkanälen bewegt</translation>
    </message>
</context>
<context>
    <name>CheckPanel</name>
    <message>
        <source>Parts to check</source>
        <translation>Zu prüfende Teile</translation>
    </message>
    <message>
        <source>Look at each part before you save</source>
        <translation>Sehen Sie sich jeden Teil an, bevor Sie speichern</translation>
    </message>
    <message>
        <source>Ten unseen pictures with the part outlined</source>
        <translation>Zehn dem Katalog unbekannte Bilder mit umrandetem Teil</translation>
    </message>
    <message>
        <source>Layer of the histogram</source>
        <translation>Schicht des Histogramms</translation>
    </message>
    <message>
        <source>Whose channels are counted</source>
        <translation>Wessen Kanäle gezählt werden</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>Budget</translation>
    </message>
    <message>
        <source>Epsilon that new edits of this part begin with: more moves more channels</source>
        <translation>Epsilon, mit dem neue Bearbeitungen dieses Teils beginnen: Mehr bewegt mehr Kanäle</translation>
    </message>
    <message>
        <source>Floor</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <source>Relevance floor that new edits begin with: channels below it never move</source>
        <translation>Relevanzschwelle, mit der neue Bearbeitungen beginnen: Kanäle darunter bewegen sich nie</translation>
    </message>
    <message>
        <source>Target seed</source>
        <translation>Startwert des Zielbilds</translation>
    </message>
    <message>
        <source>Reference seed</source>
        <translation>Startwert der Referenz</translation>
    </message>
    <message>
        <source>&amp;Try a Transfer</source>
        <translation>Übertra&amp;gung ausprobieren</translation>
    </message>
    <message>
        <source>Lend the part of the reference to the target, and measure what changed</source>
        <translation>Den Teil der Referenz auf das Zielbild übertragen und messen, was sich geändert hat</translation>
    </message>
    <message>
        <source>Target, reference and result</source>
        <translation>Zielbild, Referenz und Ergebnis</translation>
    </message>
    <message>
        <source>This generator has no styles (PG-GAN): there are no channel scales that a query could move, so there is no M, no histogram and no trial transfer. Its parts can be found and saved all the same; the editor brings them over by feature blending.</source>
        <translation>Dieser Generator hat keine Stile (PG-GAN): Es gibt keine Kanalskalierungen, die eine Abfrage ändern könnte, also kein M, kein Histogramm und keine Probeübertragung. Seine Teile lassen sich trotzdem finden und speichern; der Editor überträgt sie durch Merkmalsüberblendung.</translation>
    </message>
    <message>
        <source>Drawing ten pictures that the catalog has not seen…</source>
        <translation>Zehn Bilder werden gezeichnet, die der Katalog nicht gesehen hat …</translation>
    </message>
    <message>
        <source>{share:.1%} of ten pictures that the catalog has not seen</source>
        <translation>{share:.1%} von zehn Bildern, die der Katalog nicht gesehen hat</translation>
    </message>
    <message>
        <source>target</source>
        <translation>Zielbild</translation>
    </message>
    <message>
        <source>reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>This target does not show the part: try another target.</source>
        <translation>Dieses Zielbild zeigt den Teil nicht: Versuchen Sie ein anderes.</translation>
    </message>
    <message>
        <source>In-MSE {inside:.4f} · Out-MSE {outside:.5f} · change outside ΔE {de:.2f}</source>
        <translation>In-MSE {inside:.4f} · Out-MSE {outside:.5f} · Änderung außerhalb ΔE {de:.2f}</translation>
    </message>
    <message>
        <source>It is being measured which channels make which part; the histogram and trial transfers come after that.</source>
        <translation>Es wird gemessen, welche Kanäle welchen Teil bestimmen; Histogramm und Probeübertragungen kommen danach.</translation>
    </message>
    <message>
        <source>Which channels make which part is not measured: open this page anew.</source>
        <translation>Welche Kanäle welchen Teil bestimmen, ist nicht gemessen: Öffnen Sie diese Seite neu.</translation>
    </message>
    <message>
        <source>Channels of</source>
        <translation>Kanäle von</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Zielbild</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>What is known of the chosen part</source>
        <translation>Was über den gewählten Teil bekannt ist</translation>
    </message>
</context>
<context>
    <name>CheckingStep</name>
    <message>
        <source>No cluster has a name yet: go back and name some.</source>
        <translation>Noch kein Cluster hat einen Namen: Gehen Sie zurück und benennen Sie einige.</translation>
    </message>
    <message>
        <source>looking at {part}</source>
        <translation>{part} wird geprüft</translation>
    </message>
    <message>
        <source>trying {part}</source>
        <translation>{part} wird ausprobiert</translation>
    </message>
</context>
<context>
    <name>ClusterPanel</name>
    <message>
        <source>for instance 12, 16, 24</source>
        <translation>zum Beispiel 12, 16, 24</translation>
    </message>
    <message>
        <source>Measure s&amp;tability</source>
        <translation>Stabi&amp;lität messen</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>Sta&amp;rten</translation>
    </message>
    <message>
        <source>&amp;Go On</source>
        <translation>Weiter&amp;machen</translation>
    </message>
    <message>
        <source>Choose layers and one or more values of K, then press Start.

Each clustering is shown as one row over the same samples. Take the one whose clusters follow the things you see: too few, and eyes and brows are one; too many, and you name more than you need. Clusters can be merged and split later.</source>
        <translation>Wählen Sie Schichten und einen oder mehrere Werte von K, dann drücken Sie „Starten“.

Jede Clusterung erscheint als eine Zeile über denselben Proben. Nehmen Sie die, deren Cluster den Dingen folgen, die Sie sehen: Bei zu wenigen sind Augen und Brauen eins; bei zu vielen benennen Sie mehr als nötig. Cluster lassen sich später verschmelzen und teilen.</translation>
    </message>
    <message>
        <source>suggested</source>
        <translation>vorgeschlagen</translation>
    </message>
    <message>
        <source>No layer is chosen.</source>
        <translation>Keine Schicht ist gewählt.</translation>
    </message>
    <message>
        <source>Tick one or more in the list.</source>
        <translation>Haken Sie eine oder mehrere in der Liste an.</translation>
    </message>
    <message>
        <source>{count} clusterings are too many.</source>
        <translation>{count} Clusterungen sind zu viele.</translation>
    </message>
    <message>
        <source>Choose {most} at most.</source>
        <translation>Wählen Sie höchstens {most}.</translation>
    </message>
    <message>
        <source>Type numbers from 2 to {most}, for instance 12, 16, 24.</source>
        <translation>Geben Sie Zahlen von 2 bis {most} ein, zum Beispiel 12, 16, 24.</translation>
    </message>
    <message>
        <source>K = {word} cannot be.</source>
        <translation>K = {word} geht nicht.</translation>
    </message>
    <message>
        <source>K is missing.</source>
        <translation>K fehlt.</translation>
    </message>
    <message>
        <source>{count} clusterings of {samples} pictures</source>
        <translation>{count} Clusterungen von {samples} Bildern</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>Auflösung</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>Kanäle</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>Whose activations are clustered. The paper takes the first of 32 px.</source>
        <translation>Die Schichten, deren Aktivierungen geclustert werden. Der Artikel nimmt die erste mit 32 px.</translation>
    </message>
    <message>
        <source>K, the number of clusters</source>
        <translation>K, die Anzahl der Cluster</translation>
    </message>
    <message>
        <source>One number or several, 2 to {most}; each is clustered</source>
        <translation>Eine Zahl oder mehrere, 2 bis {most}; jede wird geclustert</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Proben</translation>
    </message>
    <message>
        <source>How many random pictures are clustered; the paper takes 200</source>
        <translation>Wie viele zufällige Bilder geclustert werden; der Artikel nimmt 200</translation>
    </message>
    <message>
        <source>Truncation</source>
        <translation>Trunkierung</translation>
    </message>
    <message>
        <source>Of those pictures: lower is more typical, higher more varied</source>
        <translation>Für diese Bilder: Niedriger ist typischer, höher abwechslungsreicher</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Which random pictures, and which start</source>
        <translation>Bestimmt die Zufallsbilder und den Anfang der Clusterung</translation>
    </message>
    <message>
        <source>Measure stability</source>
        <translation>Stabilität messen</translation>
    </message>
    <message>
        <source>Cluster other samples too and see what stays; takes longer</source>
        <translation>Auch andere Proben clustern und sehen, was bleibt; dauert länger</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Cluster every chosen layer with every K</source>
        <translation>Jede gewählte Schicht mit jedem K clustern</translation>
    </message>
    <message>
        <source>Go On</source>
        <translation>Weitermachen</translation>
    </message>
    <message>
        <source>Go on where it was cancelled; what is done stays</source>
        <translation>Dort weitermachen, wo abgebrochen wurde; Fertiges bleibt</translation>
    </message>
    <message>
        <source>&amp;K</source>
        <translation>&amp;K</translation>
    </message>
    <message>
        <source>S&amp;amples</source>
        <translation>&amp;Proben</translation>
    </message>
    <message>
        <source>&amp;Truncation</source>
        <translation>Tr&amp;unkierung</translation>
    </message>
    <message>
        <source>S&amp;eed</source>
        <translation>Start&amp;wert</translation>
    </message>
    <message>
        <source>&amp;Layers</source>
        <translation>Sc&amp;hichten</translation>
    </message>
</context>
<context>
    <name>ClusterPicture</name>
    <message>
        <source>Lit up: {clusters}</source>
        <translation>Hervorgehoben: {clusters}</translation>
    </message>
    <message>
        <source>No sample</source>
        <translation>Keine Probe</translation>
    </message>
</context>
<context>
    <name>ClusterTree</name>
    <message>
        <source>Part or cluster</source>
        <translation>Teil oder Cluster</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Anteil</translation>
    </message>
    <message>
        <source>Parts and clusters</source>
        <translation>Teile und Cluster</translation>
    </message>
    <message>
        <source>Select clusters (Ctrl for several), then give them a name. F2 renames a part.</source>
        <translation>Wählen Sie Cluster (Strg für mehrere), dann geben Sie ihnen einen Namen. F2 benennt einen Teil um.</translation>
    </message>
    <message>
        <source>No name yet</source>
        <translation>Noch kein Name</translation>
    </message>
    <message>
        <source>cluster {number}</source>
        <translation>Cluster {number}</translation>
    </message>
</context>
<context>
    <name>ClusteringStep</name>
    <message>
        <source>clustering {layers} · K {clusters}</source>
        <translation>Clustern von {layers} · K {clusters}</translation>
    </message>
</context>
<context>
    <name>CompareActions</name>
    <message>
        <source>&amp;Edited Picture Only</source>
        <translation>Nur das b&amp;earbeitete Bild</translation>
    </message>
    <message>
        <source>Compare nothing</source>
        <translation>Nichts vergleichen</translation>
    </message>
    <message>
        <source>&amp;Wipe</source>
        <translation>&amp;Wischen</translation>
    </message>
    <message>
        <source>Original left of a divider, edited right of it; drag the divider</source>
        <translation>Links der Trennlinie das Original, rechts das bearbeitete Bild; die Linie lässt sich ziehen</translation>
    </message>
    <message>
        <source>&amp;Side by Side</source>
        <translation>&amp;Seite an Seite</translation>
    </message>
    <message>
        <source>Original and edited picture with the same zoom and place</source>
        <translation>Original und bearbeitetes Bild mit gleichem Zoom und Ausschnitt</translation>
    </message>
    <message>
        <source>&amp;Blink</source>
        <translation>&amp;Blinken</translation>
    </message>
    <message>
        <source>Original and edited picture by turns, until you edit or look elsewhere</source>
        <translation>Original und bearbeitetes Bild im Wechsel, bis Sie etwas bearbeiten oder woanders hinsehen</translation>
    </message>
    <message>
        <source>Divider &amp;Left</source>
        <translation>Trennlinie nach &amp;links</translation>
    </message>
    <message>
        <source>Move the divider of the wipe to the left</source>
        <translation>Die Trennlinie nach links schieben</translation>
    </message>
    <message>
        <source>Divider &amp;Right</source>
        <translation>Trennlinie nach &amp;rechts</translation>
    </message>
    <message>
        <source>Move the divider of the wipe to the right</source>
        <translation>Die Trennlinie nach rechts schieben</translation>
    </message>
</context>
<context>
    <name>CompareController</name>
    <message>
        <source>&amp;Compare</source>
        <translation>&amp;Vergleichen</translation>
    </message>
</context>
<context>
    <name>Comparison</name>
    <message>
        <source>Wipe: original left of {share}, edited right.</source>
        <translation>Wischen: links von {share} das Original, rechts das bearbeitete Bild.</translation>
    </message>
    <message>
        <source>Side by side: original left, edited right.</source>
        <translation>Seite an Seite: links das Original, rechts das bearbeitete Bild.</translation>
    </message>
    <message>
        <source>Blinking between original and edited picture.</source>
        <translation>Blinken: Original und bearbeitetes Bild im Wechsel.</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>Edited</source>
        <translation>Bearbeitet</translation>
    </message>
</context>
<context>
    <name>DeviceMenu</name>
    <message>
        <source>De&amp;vice</source>
        <translation>&amp;Gerät</translation>
    </message>
    <message>
        <source>Compute on the best device there is</source>
        <translation>Auf dem besten vorhandenen Gerät rechnen</translation>
    </message>
    <message>
        <source>&amp;Automatic ({device})</source>
        <translation>&amp;Automatisch ({device})</translation>
    </message>
    <message>
        <source>Compute on {device}</source>
        <translation>Auf {device} rechnen</translation>
    </message>
    <message>
        <source>, which has {size} of memory</source>
        <translation>, mit {size} Speicher</translation>
    </message>
</context>
<context>
    <name>Devices</name>
    <message>
        <source>looking for devices</source>
        <translation>Geräte werden gesucht</translation>
    </message>
    <message>
        <source>switching to {device}</source>
        <translation>Wechsel zu {device}</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>All that LocalEdit opens (*.localedit *.png *.safetensors *.pkl *.pt *.pth)</source>
        <translation>Alles, was LocalEdit öffnet (*.localedit *.png *.safetensors *.pkl *.pt *.pth)</translation>
    </message>
    <message>
        <source>Sessions (*.localedit)</source>
        <translation>Sitzungen (*.localedit)</translation>
    </message>
    <message>
        <source>Exported pictures (*.png)</source>
        <translation>Exportierte Bilder (*.png)</translation>
    </message>
    <message>
        <source>Generators (*.safetensors)</source>
        <translation>Generatoren (*.safetensors)</translation>
    </message>
    <message>
        <source>Import checkpoint</source>
        <translation>Checkpoint importieren</translation>
    </message>
    <message>
        <source>Checkpoints (*.pkl *.pt *.pth *.ckpt *.safetensors)</source>
        <translation>Checkpoints (*.pkl *.pt *.pth *.ckpt *.safetensors)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Add reference</source>
        <translation>Referenz hinzufügen</translation>
    </message>
    <message>
        <source>Sessions and latents (*.localedit *.png *.npz *.npy *.pt *.pth *.pkl)</source>
        <translation>Sitzungen und Latente (*.localedit *.png *.npz *.npy *.pt *.pth *.pkl)</translation>
    </message>
    <message>
        <source>Name:</source>
        <translation>Name:</translation>
    </message>
    <message>
        <source>Save session</source>
        <translation>Sitzung speichern</translation>
    </message>
    <message>
        <source>Export picture</source>
        <translation>Bild exportieren</translation>
    </message>
    <message>
        <source>PNG pictures (*.png)</source>
        <translation>PNG-Bilder (*.png)</translation>
    </message>
    <message>
        <source>Export diff map</source>
        <translation>Differenzkarte exportieren</translation>
    </message>
    <message>
        <source>Export membership sheet</source>
        <translation>Zugehörigkeitsblatt exportieren</translation>
    </message>
    <message>
        <source>Export board</source>
        <translation>Tafel exportieren</translation>
    </message>
    <message>
        <source>Sheets (*.png *.pdf)</source>
        <translation>Blätter (*.png *.pdf)</translation>
    </message>
    <message>
        <source>Print sheet</source>
        <translation>Blatt drucken</translation>
    </message>
    <message>
        <source>Pages (*.pdf *.png)</source>
        <translation>Seiten (*.pdf *.png)</translation>
    </message>
    <message>
        <source>Export evaluation</source>
        <translation>Auswertung exportieren</translation>
    </message>
    <message>
        <source>Numbers and pictures</source>
        <translation>Zahlen und Bilder</translation>
    </message>
    <message>
        <source>Numbers, maps and pictures</source>
        <translation>Zahlen, Karten und Bilder</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>Zahlen</translation>
    </message>
    <message>
        <source>Export morph</source>
        <translation>Übergang exportieren</translation>
    </message>
    <message>
        <source>Animated pictures, films and strips (*.gif *.mp4 *.png)</source>
        <translation>Bewegte Bilder, Filme und Streifen (*.gif *.mp4 *.png)</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>Ungespeicherte Änderungen</translation>
    </message>
    <message>
        <source>“{name}” has changes that are not saved.</source>
        <translation>Änderungen an „{name}“ sind nicht gespeichert.</translation>
    </message>
    <message>
        <source>Discarded changes cannot be brought back.</source>
        <translation>Verworfene Änderungen lassen sich nicht zurückholen.</translation>
    </message>
    <message>
        <source>Target by number</source>
        <translation>Zielbild nach Nummer</translation>
    </message>
    <message>
        <source>Each number (seed) stands for one picture of this generator:</source>
        <translation>Jede Nummer (Startwert) steht für ein Bild dieses Generators:</translation>
    </message>
    <message>
        <source>About LocalEdit</source>
        <translation>Über LocalEdit</translation>
    </message>
</context>
<context>
    <name>Drafts</name>
    <message>
        <source>keeping unsaved names</source>
        <translation>ungespeicherte Namen werden gesichert</translation>
    </message>
</context>
<context>
    <name>EditController</name>
    <message>
        <source>Click a part, then hover a reference.</source>
        <translation>Klicken Sie auf einen Teil, dann zeigen Sie auf eine Referenz.</translation>
    </message>
    <message>
        <source>Hover a reference to see its {part} on the picture; click to keep it.</source>
        <translation>Zeigen Sie auf eine Referenz, um deren Teil „{part}“ im Bild zu sehen; ein Klick übernimmt ihn.</translation>
    </message>
    <message>
        <source>Hold Space to see the original. D shows what changed.</source>
        <translation>Halten Sie die Leertaste gedrückt, um das Original zu sehen. D zeigt, was sich geändert hat.</translation>
    </message>
    <message>
        <source>Click a part first: then a reference can lend its own.</source>
        <translation>Klicken Sie zuerst auf einen Teil: Dann kann eine Referenz ihren beisteuern.</translation>
    </message>
</context>
<context>
    <name>EditDocument</name>
    <message>
        <source>Untitled</source>
        <translation>Unbenannt</translation>
    </message>
    <message>
        <source>Target {name}</source>
        <translation>Zielbild {name}</translation>
    </message>
    <message>
        <source>Truncation</source>
        <translation>Trunkierung</translation>
    </message>
    <message>
        <source>Class {number}</source>
        <translation>Klasse {number}</translation>
    </message>
    <message>
        <source>Transfer of {part} from {name}</source>
        <translation>Übertragung: {part} von {name}</translation>
    </message>
    <message>
        <source>Settings of {part}</source>
        <translation>Einstellungen: {part}</translation>
    </message>
    <message>
        <source>Unmuting of {part}</source>
        <translation>Stummschaltung aufheben: {part}</translation>
    </message>
    <message>
        <source>Muting of {part}</source>
        <translation>Stummschalten: {part}</translation>
    </message>
    <message>
        <source>End of solo of {part}</source>
        <translation>Solo beenden: {part}</translation>
    </message>
    <message>
        <source>Solo of {part}</source>
        <translation>Solo: {part}</translation>
    </message>
    <message>
        <source>Paste of {part}</source>
        <translation>Einfügen: {part}</translation>
    </message>
    <message>
        <source>Deletion of {part}</source>
        <translation>Löschen: {part}</translation>
    </message>
    <message>
        <source>Move of {part}</source>
        <translation>Verschieben: {part}</translation>
    </message>
    <message>
        <source>Copy of {part}</source>
        <translation>Duplizieren: {part}</translation>
    </message>
    <message>
        <source>Favourite {seed}</source>
        <translation>Favorit: {seed}</translation>
    </message>
</context>
<context>
    <name>EditRow</name>
    <message>
        <source>Delete this edit (Del)</source>
        <translation>Diese Bearbeitung löschen (Entf)</translation>
    </message>
    <message>
        <source>Click to select, drag to reorder.</source>
        <translation>Klicken wählt, Ziehen ordnet um.</translation>
    </message>
    <message>
        <source>from {seed} · {strength}</source>
        <translation>von {seed} · {strength}</translation>
    </message>
    <message>
        <source>{part} from {seed}, strength {strength}</source>
        <translation>{part} von {seed}, Stärke {strength}</translation>
    </message>
    <message>
        <source>{part} from {seed}, strength {strength}, muted</source>
        <translation>{part} von {seed}, Stärke {strength}, stummgeschaltet</translation>
    </message>
    <message>
        <source>Let this edit act again (M); with Alt, let it act alone (Shift+M)</source>
        <translation>Diese Bearbeitung wieder wirken lassen (M); mit Alt allein wirken lassen (Umschalt+M)</translation>
    </message>
    <message>
        <source>Mute this edit (M); with Alt, let it act alone (Shift+M)</source>
        <translation>Diese Bearbeitung stummschalten (M); mit Alt allein wirken lassen (Umschalt+M)</translation>
    </message>
</context>
<context>
    <name>EditStack</name>
    <message>
        <source>Move the selected edit up (Alt+Up)</source>
        <translation>Die gewählte Bearbeitung nach oben schieben (Alt+Hoch)</translation>
    </message>
    <message>
        <source>Move the selected edit down (Alt+Down)</source>
        <translation>Die gewählte Bearbeitung nach unten schieben (Alt+Herunter)</translation>
    </message>
    <message>
        <source>Duplicate the selected edit (Ctrl+D)</source>
        <translation>Die gewählte Bearbeitung duplizieren (Strg+D)</translation>
    </message>
    <message>
        <source>Last on top</source>
        <translation>Letzte zuoberst</translation>
    </message>
    <message>
        <source>No edits yet. Click a part, then a reference.</source>
        <translation>Noch keine Bearbeitungen. Klicken Sie auf einen Teil, dann auf eine Referenz.</translation>
    </message>
    <message>
        <source>Conflicts of the selected edit</source>
        <translation>Konflikte der gewählten Bearbeitung</translation>
    </message>
    <message>
        <source>Edits</source>
        <translation>Bearbeitungen</translation>
    </message>
    <message>
        <source>Let act again</source>
        <translation>Wieder wirken lassen</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Stummschalten</translation>
    </message>
    <message>
        <source>Solo</source>
        <translation>Solo</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Duplizieren</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
</context>
<context>
    <name>Editor</name>
    <message>
        <source>Something unexpected went wrong ({error}).</source>
        <translation>Etwas Unerwartetes ist schiefgegangen ({error}).</translation>
    </message>
    <message>
        <source>Your work is still here; save it under another name to be safe.</source>
        <translation>Ihre Arbeit ist noch da; speichern Sie sie sicherheitshalber unter einem anderen Namen.</translation>
    </message>
    <message>
        <source>&lt;h3&gt;LocalEdit {version}&lt;/h3&gt;&lt;p&gt;Changes one part of a generated picture and leaves the rest alone, after “Editing in Style” (Collins, Bala, Price, Süsstrunk, CVPR 2020).&lt;/p&gt;&lt;p&gt;Every picture it makes is a synthetic composite, and exports say so.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;LocalEdit {version}&lt;/h3&gt;&lt;p&gt;Ändert einen Teil eines erzeugten Bildes und lässt den Rest, wie er ist, nach „Editing in Style“ (Collins, Bala, Price, Süsstrunk, CVPR 2020).&lt;/p&gt;&lt;p&gt;Jedes Bild, das es macht, ist eine synthetische Zusammensetzung, und Exporte weisen das aus.&lt;/p&gt;</translation>
    </message>
</context>
<context>
    <name>Evaluation</name>
    <message>
        <source>&amp;Evaluation…</source>
        <translation>&amp;Auswertung…</translation>
    </message>
    <message>
        <source>Measure how local transfers are on this generator</source>
        <translation>Messen, wie lokal Übertragungen bei diesem Generator sind</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} s</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} min</translation>
    </message>
    <message>
        <source>{n:.1f} h</source>
        <translation>{n:.1f} h</translation>
    </message>
</context>
<context>
    <name>EvaluationController</name>
    <message>
        <source>measuring</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>{done} of {all} pairs, {time} left</source>
        <translation>{done} von {all} Paaren, noch {time}</translation>
    </message>
    <message>
        <source>Stopped after {done} of {all} pairs.</source>
        <translation>Nach {done} von {all} Paaren angehalten.</translation>
    </message>
    <message>
        <source>Tick at least one part, method and guard.</source>
        <translation>Mindestens einen Teil, ein Verfahren und einen Schutz ankreuzen.</translation>
    </message>
    <message>
        <source>It takes about {time}.</source>
        <translation>Es dauert etwa {time}.</translation>
    </message>
    <message>
        <source>estimating</source>
        <translation>Schätzen</translation>
    </message>
    <message>
        <source>It takes about {time}, to go on {rest}.</source>
        <translation>Es dauert etwa {time}, das Fortsetzen {rest}.</translation>
    </message>
    <message>
        <source>Wrote {file}.</source>
        <translation>{file} geschrieben.</translation>
    </message>
    <message>
        <source>writing {file}</source>
        <translation>{file} schreiben</translation>
    </message>
</context>
<context>
    <name>EvaluationReport</name>
    <message>
        <source>Part shown</source>
        <translation>Gezeigter Teil</translation>
    </message>
    <message>
        <source>Whose curves or map are shown</source>
        <translation>Wessen Kurven oder Karte zu sehen sind</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>Wärmekarte</translation>
    </message>
    <message>
        <source>Nothing measured yet.</source>
        <translation>Noch nichts gemessen.</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>Zahlen</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Anmerkungen</translation>
    </message>
    <message>
        <source>What could not be measured, and where a method falls short</source>
        <translation>Was nicht gemessen werden konnte, und wo ein Verfahren zurückbleibt</translation>
    </message>
    <message>
        <source>In-MSE</source>
        <translation>In-MSE</translation>
    </message>
    <message>
        <source>ROIR {ratio:.2f}</source>
        <translation>ROIR {ratio:.2f}</translation>
    </message>
    <message>
        <source>{method} is not ahead everywhere in {count} of {all} parts: {parts}.</source>
        <translation>{method} liegt bei {count} von {all} Teilen nicht überall vorn: {parts}.</translation>
    </message>
    <message>
        <source>within noise</source>
        <translation>im Rauschen</translation>
    </message>
    <message>
        <source>not by chance</source>
        <translation>nicht durch Zufall</translation>
    </message>
    <message>
        <source>too few pairs for an interval</source>
        <translation>zu wenige Paare für ein Intervall</translation>
    </message>
    <message>
        <source>{part}: {mine} does not reach In-MSE {in_mse}, {rival} does.</source>
        <translation>{part}: {mine} erreicht In-MSE {in_mse} nicht, {rival} schon.</translation>
    </message>
    <message>
        <source>{part}: {mine} is not below {rival} at In-MSE {in_mse}: {ratio} times its Out-MSE, {reason}.</source>
        <translation>{part}: {mine} liegt bei In-MSE {in_mse} nicht unter {rival}: {ratio}-mal dessen Out-MSE, {reason}.</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>Largest</source>
        <translation>Größter Wert</translation>
    </message>
    <message>
        <source>Inside</source>
        <translation>Innen</translation>
    </message>
    <message>
        <source>Outside</source>
        <translation>Außen</translation>
    </message>
    <message>
        <source>Squared Frechet distance of small pictures to independent ones: no FID.
What the unedited ones have is chance; few pairs make all of it too high.</source>
        <translation>Quadrierter Fréchet-Abstand kleiner Bilder zu unabhängigen: keine FID.
Was die unbearbeiteten haben, ist Zufall; wenige Paare machen alles zu groß.</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>Abstand</translation>
    </message>
    <message>
        <source>{method}, guard {guard:g}</source>
        <translation>{method}, Schutz {guard:g}</translation>
    </message>
</context>
<context>
    <name>EvaluationWindow</name>
    <message>
        <source>Evaluation</source>
        <translation>Auswertung</translation>
    </message>
    <message>
        <source>Pairs measured</source>
        <translation>Gemessene Paare</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Start</translation>
    </message>
    <message>
        <source>Measure, while the editor stays usable</source>
        <translation>Messen, während der Editor benutzbar bleibt</translation>
    </message>
    <message>
        <source>Go &amp;On</source>
        <translation>&amp;Weitermessen</translation>
    </message>
    <message>
        <source>Measure the pairs that are missing, where a run of these settings stopped</source>
        <translation>Die fehlenden Paare messen, wo ein Lauf mit diesen Einstellungen aufhörte</translation>
    </message>
    <message>
        <source>Cance&amp;l</source>
        <translation>A&amp;bbrechen</translation>
    </message>
    <message>
        <source>Stop after this pair; what is measured stays shown</source>
        <translation>Nach diesem Paar aufhören; Gemessenes bleibt sichtbar</translation>
    </message>
    <message>
        <source>&amp;Copy Command</source>
        <translation>Befehl &amp;kopieren</translation>
    </message>
    <message>
        <source>Copy the command line that measures the same, for a terminal</source>
        <translation>Die Befehlszeile kopieren, die dasselbe misst, für ein Terminal</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren…</translation>
    </message>
    <message>
        <source>Write the numbers (JSON, CSV) or a picture (PNG, PDF) of all parts</source>
        <translation>Die Zahlen (JSON, CSV) oder ein Bild (PNG, PDF) aller Teile schreiben</translation>
    </message>
    <message>
        <source>{side} px</source>
        <translation>{side} px</translation>
    </message>
    <message>
        <source>Locality curves</source>
        <translation>Lokalitätskurven</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>Wärmekarte</translation>
    </message>
    <message>
        <source>Frechet distance</source>
        <translation>Fréchet-Abstand</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keiner</translation>
    </message>
    <message>
        <source>Spatial guard: keeps changes from leaving the part</source>
        <translation>Räumlicher Schutz: hält Änderungen im Teil</translation>
    </message>
    <message>
        <source>&amp;Report:</source>
        <translation>Be&amp;richt:</translation>
    </message>
    <message>
        <source>What is measured</source>
        <translation>Was gemessen wird</translation>
    </message>
    <message>
        <source>&amp;Parts:</source>
        <translation>&amp;Teile:</translation>
    </message>
    <message>
        <source>The parts that are transferred</source>
        <translation>Die Teile, die übertragen werden</translation>
    </message>
    <message>
        <source>&amp;Methods:</source>
        <translation>Ver&amp;fahren:</translation>
    </message>
    <message>
        <source>The methods that are compared</source>
        <translation>Die Verfahren, die verglichen werden</translation>
    </message>
    <message>
        <source>&amp;Method:</source>
        <translation>Ver&amp;fahren:</translation>
    </message>
    <message>
        <source>How parts are transferred</source>
        <translation>Wie Teile übertragen werden</translation>
    </message>
    <message>
        <source>&amp;Guards:</source>
        <translation>Sch&amp;utz:</translation>
    </message>
    <message>
        <source>Each method is tried with each of them</source>
        <translation>Jedes Verfahren wird mit jedem davon versucht</translation>
    </message>
    <message>
        <source>&amp;Guard:</source>
        <translation>Sch&amp;utz:</translation>
    </message>
    <message>
        <source>How hard changes are kept inside</source>
        <translation>Wie fest Änderungen innen gehalten werden</translation>
    </message>
    <message>
        <source>P&amp;airs:</source>
        <translation>&amp;Paare:</translation>
    </message>
    <message>
        <source>Pairs of target and reference</source>
        <translation>Paare aus Zielbild und Referenz</translation>
    </message>
    <message>
        <source>S&amp;ize:</source>
        <translation>&amp;Größe:</translation>
    </message>
    <message>
        <source>Side of the pictures that are compared</source>
        <translation>Seite der Bilder, die verglichen werden</translation>
    </message>
    <message>
        <source>First see&amp;d:</source>
        <translation>Erste &amp;Nummer:</translation>
    </message>
    <message>
        <source>Of the first pair&apos;s target</source>
        <translation>Des Zielbilds im ersten Paar</translation>
    </message>
</context>
<context>
    <name>ExportActions</name>
    <message>
        <source>Print S&amp;heet…</source>
        <translation>Blatt d&amp;rucken …</translation>
    </message>
    <message>
        <source>Write a page with the picture, its parts and their sources</source>
        <translation>Eine Seite mit dem Bild, seinen Teilen und deren Herkunft schreiben</translation>
    </message>
    <message>
        <source>Export &amp;Morph…</source>
        <translation>Ü&amp;bergang exportieren …</translation>
    </message>
    <message>
        <source>Write the way from the target to the result</source>
        <translation>Den Weg vom Zielbild zum Ergebnis schreiben</translation>
    </message>
</context>
<context>
    <name>ExportController</name>
    <message>
        <source>Drawing the pictures of {name}…</source>
        <translation>Die Bilder von {name} werden gezeichnet …</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Export Morph</source>
        <translation>Übergang exportieren</translation>
    </message>
</context>
<context>
    <name>GeneratorCard</name>
    <message>
        <source>Pictures made by {title}</source>
        <translation>Von {title} erzeugte Bilder</translation>
    </message>
    <message>
        <source>Step by Step</source>
        <translation>Schritt für Schritt</translation>
    </message>
    <message>
        <source>Step by step: {title}</source>
        <translation>Schritt für Schritt: {title}</translation>
    </message>
    <message>
        <source>Open it and be led from part to part</source>
        <translation>Öffnen und von Teil zu Teil geführt werden</translation>
    </message>
    <message>
        <source>Or begin with an example:</source>
        <translation>Oder mit einem Beispiel anfangen:</translation>
    </message>
    <message>
        <source>On screen</source>
        <translation>Auf dem Bildschirm</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weitermachen</translation>
    </message>
    <message>
        <source>As you left it</source>
        <translation>Wie Sie es verlassen haben</translation>
    </message>
    <message>
        <source>Go back to it</source>
        <translation>Zurückkehren</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>{status} · unsaved changes</source>
        <translation>{status} · ungespeicherte Änderungen</translation>
    </message>
    <message>
        <source>Open {title}; what is on screen now is kept as it is</source>
        <translation>{title} öffnen; was jetzt zu sehen ist, bleibt, wie es ist</translation>
    </message>
    <message>
        <source>Close this page</source>
        <translation>Diese Seite schließen</translation>
    </message>
    <message>
        <source>Example {title}</source>
        <translation>Beispiel {title}</translation>
    </message>
</context>
<context>
    <name>Generators</name>
    <message>
        <source>reading the cards of the generators</source>
        <translation>die Karten der Generatoren werden gelesen</translation>
    </message>
    <message>
        <source>{title} with its former catalog</source>
        <translation>{title} mit dem früheren Katalog</translation>
    </message>
</context>
<context>
    <name>GeneratorsPage</name>
    <message>
        <source>Generators</source>
        <translation>Generatoren</translation>
    </message>
    <message>
        <source>The cards are being read…</source>
        <translation>Die Karten werden gelesen …</translation>
    </message>
    <message>
        <source>Also open:</source>
        <translation>Außerdem offen:</translation>
    </message>
    <message>
        <source>Open &amp;File…</source>
        <translation>&amp;Datei öffnen …</translation>
    </message>
    <message>
        <source>Open a generator, a session or an exported picture</source>
        <translation>Einen Generator, eine Sitzung oder ein exportiertes Bild öffnen</translation>
    </message>
    <message>
        <source>No generator came with this program.</source>
        <translation>Diesem Programm lag kein Generator bei.</translation>
    </message>
    <message>
        <source>Go back to {title}</source>
        <translation>Zurück zu {title}</translation>
    </message>
    <message>
        <source>{text} (unsaved changes)</source>
        <translation>{text} (ungespeicherte Änderungen)</translation>
    </message>
</context>
<context>
    <name>GuideController</name>
    <message>
        <source>Start</source>
        <translation>Anfang</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Picture {n}</source>
        <translation>Bild {n}</translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>wie es ist</translation>
    </message>
    <message>
        <source>{part} as it is</source>
        <translation>{part}, wie es ist</translation>
    </message>
    <message>
        <source>{part} of picture {n}</source>
        <translation>{part} von Bild {n}</translation>
    </message>
</context>
<context>
    <name>GuidePanel</name>
    <message>
        <source>&amp;Begin</source>
        <translation>&amp;Anfangen</translation>
    </message>
    <message>
        <source>Choose a picture to begin with</source>
        <translation>Ein Bild zum Anfangen wählen</translation>
    </message>
    <message>
        <source>Steps of the job</source>
        <translation>Schritte der Aufgabe</translation>
    </message>
    <message>
        <source>Bac&amp;k</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>Go back to the step before</source>
        <translation>Zum vorigen Schritt zurück</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>Go on to the next part</source>
        <translation>Weiter zum nächsten Teil</translation>
    </message>
    <message>
        <source>&amp;Others</source>
        <translation>A&amp;ndere</translation>
    </message>
    <message>
        <source>Show other pictures to choose from</source>
        <translation>Andere Bilder zur Auswahl zeigen</translation>
    </message>
    <message>
        <source>Pictures to choose from</source>
        <translation>Bilder zur Auswahl</translation>
    </message>
    <message>
        <source>&amp;Save Session</source>
        <translation>Sitzung &amp;speichern</translation>
    </message>
    <message>
        <source>Save it to go on later</source>
        <translation>Speichern, um später weiterzumachen</translation>
    </message>
    <message>
        <source>E&amp;xport Picture</source>
        <translation>Bild &amp;exportieren</translation>
    </message>
    <message>
        <source>Write the picture</source>
        <translation>Das Bild schreiben</translation>
    </message>
    <message>
        <source>&amp;Print Sheet</source>
        <translation>Blatt &amp;drucken</translation>
    </message>
    <message>
        <source>Write a page with the picture, its parts and where they come from</source>
        <translation>Eine Seite mit dem Bild, seinen Teilen und ihrer Herkunft schreiben</translation>
    </message>
</context>
<context>
    <name>Guides</name>
    <message>
        <source>Compose Ste&amp;p by Step</source>
        <translation>&amp;Schritt für Schritt zusammensetzen</translation>
    </message>
    <message>
        <source>Be led through all parts, one after the other</source>
        <translation>Durch alle Teile geführt werden, einen nach dem anderen</translation>
    </message>
    <message>
        <source>Compose a Face</source>
        <translation>Ein Gesicht zusammensetzen</translation>
    </message>
    <message>
        <source>From a description to a picture: begin with a face that comes near, then go from part to part and take what fits best. Nobody in these pictures exists.</source>
        <translation>Von einer Beschreibung zu einem Bild: Beginnen Sie mit einem Gesicht, das nahe kommt, dann gehen Sie von Teil zu Teil und nehmen, was am besten passt. Niemanden auf diesen Bildern gibt es.</translation>
    </message>
    <message>
        <source>Which face comes nearest? Only the whole matters here.</source>
        <translation>Welches Gesicht kommt am nächsten? Hier zählt nur das Ganze.</translation>
    </message>
    <message>
        <source>Which {part} fits best? Each picture is your face with another one.</source>
        <translation>Was passt am besten: {part}? Jedes Bild ist Ihr Gesicht mit einer anderen Wahl.</translation>
    </message>
    <message>
        <source>Keep the face, or go back to any part by its tab.</source>
        <translation>Behalten Sie das Gesicht, oder gehen Sie über die Reiter zu einem Teil zurück.</translation>
    </message>
    <message>
        <source>Try a Room</source>
        <translation>Ein Zimmer probieren</translation>
    </message>
    <message>
        <source>For a talk in front of the picture: begin with a room, then try walls, fabrics and furniture of other rooms in it, one after the other.</source>
        <translation>Für ein Gespräch vor dem Bild: Beginnen Sie mit einem Zimmer, dann probieren Sie Wände, Stoffe und Möbel anderer Zimmer darin aus, eines nach dem anderen.</translation>
    </message>
    <message>
        <source>Which room do you begin with? Mind the view point and the window.</source>
        <translation>Mit welchem Zimmer beginnen Sie? Achten Sie auf Blickwinkel und Fenster.</translation>
    </message>
    <message>
        <source>Which {part} shall it be? Each picture is your room with another.</source>
        <translation>Was soll es sein: {part}? Jedes Bild ist Ihr Zimmer mit einer anderen Wahl.</translation>
    </message>
    <message>
        <source>Keep the room, or go back to any part by its tab.</source>
        <translation>Behalten Sie das Zimmer, oder gehen Sie über die Reiter zu einem Teil zurück.</translation>
    </message>
    <message>
        <source>Compose Step by Step</source>
        <translation>Schritt für Schritt zusammensetzen</translation>
    </message>
    <message>
        <source>Begin with a picture, then go from part to part and take what fits best from others.</source>
        <translation>Beginnen Sie mit einem Bild, dann gehen Sie von Teil zu Teil und nehmen von anderen, was am besten passt.</translation>
    </message>
    <message>
        <source>Which picture do you begin with?</source>
        <translation>Mit welchem Bild beginnen Sie?</translation>
    </message>
    <message>
        <source>Which {part} shall it be? Each picture is yours with another one.</source>
        <translation>Was soll es sein: {part}? Jedes Bild ist Ihres mit einer anderen Wahl.</translation>
    </message>
    <message>
        <source>Keep the picture, or go back to any part by its tab.</source>
        <translation>Behalten Sie das Bild, oder gehen Sie über die Reiter zu einem Teil zurück.</translation>
    </message>
</context>
<context>
    <name>HistogramPlot</name>
    <message>
        <source>Channels over M</source>
        <translation>Kanäle nach M</translation>
    </message>
    <message>
        <source>Channels of the layer by the share of their energy that lies in the part (M). Those left of the dashed line, the floor, never move.</source>
        <translation>Kanäle der Schicht nach dem Anteil ihrer Energie, der im Teil liegt (M). Die links der gestrichelten Linie, der Schwelle, bewegen sich nie.</translation>
    </message>
    <message>
        <source>{above} of {all} channels lie above the floor</source>
        <translation>{above} von {all} Kanälen liegen über der Schwelle</translation>
    </message>
    <message>
        <source>M</source>
        <translation>M</translation>
    </message>
    <message>
        <source>channels</source>
        <translation>Kanäle</translation>
    </message>
</context>
<context>
    <name>HistoryActions</name>
    <message>
        <source>Keep the present state as long as this window is open</source>
        <translation>Den jetzigen Stand aufbewahren, solange dieses Fenster offen ist</translation>
    </message>
    <message>
        <source>&amp;Keep a Snapshot</source>
        <translation>&amp;Momentaufnahme anlegen</translation>
    </message>
</context>
<context>
    <name>HistoryController</name>
    <message>
        <source>Opened</source>
        <translation>Geöffnet</translation>
    </message>
    <message>
        <source>Snapshot {number}</source>
        <translation>Momentaufnahme {number}</translation>
    </message>
    <message>
        <source>Return to {name}</source>
        <translation>Zurück zu {name}</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Click a step to go there; nothing after it is lost</source>
        <translation>Ein Klick auf einen Schritt geht dorthin; nichts danach geht verloren</translation>
    </message>
    <message>
        <source>&amp;Keep a Snapshot</source>
        <translation>&amp;Momentaufnahme anlegen</translation>
    </message>
    <message>
        <source>Keep the present state as long as this window is open (Ctrl+Alt+S)</source>
        <translation>Den jetzigen Stand aufbewahren, solange dieses Fenster offen ist (Strg+Alt+S)</translation>
    </message>
    <message>
        <source>Keep the present state as long as this window is open</source>
        <translation>Den jetzigen Stand aufbewahren, solange dieses Fenster offen ist</translation>
    </message>
    <message>
        <source>Snapshots</source>
        <translation>Momentaufnahmen</translation>
    </message>
    <message>
        <source>Click to go back to a snapshot, F2 renames, Del forgets it</source>
        <translation>Ein Klick geht zu einer Momentaufnahme zurück, F2 benennt sie um, Entf verwirft sie</translation>
    </message>
</context>
<context>
    <name>LanguageMenu</name>
    <message>
        <source>Lan&amp;guage</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>Speak the language of the system where it is there, else English</source>
        <translation>Die Sprache des Systems, wo es sie gibt, sonst Englisch</translation>
    </message>
    <message>
        <source>As the &amp;System</source>
        <translation>Wie das &amp;System</translation>
    </message>
    <message>
        <source>Speak {language}</source>
        <translation>{language} sprechen</translation>
    </message>
</context>
<context>
    <name>Languages</name>
    <message>
        <source>The window speaks the chosen language when it is next opened.</source>
        <translation>Das Fenster spricht die gewählte Sprache, wenn es das nächste Mal geöffnet wird.</translation>
    </message>
</context>
<context>
    <name>Latency</name>
    <message>
        <source>&amp;Where Time Goes…</source>
        <translation>Wo &amp;Zeit bleibt …</translation>
    </message>
    <message>
        <source>What the last picture spent where, to copy into a report</source>
        <translation>Womit das letzte Bild seine Zeit verbracht hat, zum Kopieren in eine Meldung</translation>
    </message>
</context>
<context>
    <name>LatencyWindow</name>
    <message>
        <source>Where Time Goes</source>
        <translation>Wo Zeit bleibt</translation>
    </message>
    <message>
        <source>Steps of the last picture</source>
        <translation>Schritte des letzten Bildes</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy all of it as text</source>
        <translation>Alles als Text kopieren</translation>
    </message>
</context>
<context>
    <name>LibraryPage</name>
    <message>
        <source>Model Library</source>
        <translation>Modellbibliothek</translation>
    </message>
    <message>
        <source>Imported generators</source>
        <translation>Importierte Generatoren</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Open this generator in the editor</source>
        <translation>Diesen Generator im Editor öffnen</translation>
    </message>
    <message>
        <source>&amp;Find Parts</source>
        <translation>&amp;Teile finden</translation>
    </message>
    <message>
        <source>Cluster it in the catalog workshop and name its parts, which editing needs</source>
        <translation>In der Katalogwerkstatt clustern und seine Teile benennen, was zum Bearbeiten nötig ist</translation>
    </message>
    <message>
        <source>&amp;Number Parts</source>
        <translation>Teile &amp;nummerieren</translation>
    </message>
    <message>
        <source>Find parts with the suggested settings; they get numbers for names</source>
        <translation>Teile mit den vorgeschlagenen Einstellungen finden; sie bekommen Nummern als Namen</translation>
    </message>
    <message>
        <source>&amp;Rename…</source>
        <translation>&amp;Umbenennen …</translation>
    </message>
    <message>
        <source>Call it something else</source>
        <translation>Einen anderen Namen geben</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>Move it to the library&apos;s trash, kept for 30 days</source>
        <translation>In den Papierkorb der Bibliothek legen, wo er 30 Tage bleibt</translation>
    </message>
    <message>
        <source>&amp;Show in Folder</source>
        <translation>Im &amp;Ordner zeigen</translation>
    </message>
    <message>
        <source>Show its file</source>
        <translation>Die Datei zeigen</translation>
    </message>
    <message>
        <source>Published generators</source>
        <translation>Veröffentlichte Generatoren</translation>
    </message>
    <message>
        <source>F&amp;etch and Import</source>
        <translation>&amp;Herunterladen und importieren</translation>
    </message>
    <message>
        <source>Download this checkpoint and import it</source>
        <translation>Diesen Checkpoint herunterladen und importieren</translation>
    </message>
    <message>
        <source>Open Its &amp;Page</source>
        <translation>Seine &amp;Seite öffnen</translation>
    </message>
    <message>
        <source>Show its page in a browser</source>
        <translation>Seine Seite im Browser zeigen</translation>
    </message>
    <message>
        <source>&amp;Imported</source>
        <translation>&amp;Importiert</translation>
    </message>
    <message>
        <source>&amp;Published</source>
        <translation>&amp;Veröffentlicht</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>Give up what is running</source>
        <translation>Laufendes abbrechen</translation>
    </message>
    <message>
        <source>&amp;Import File…</source>
        <translation>&amp;Datei importieren …</translation>
    </message>
    <message>
        <source>Convert a published checkpoint (.pkl, .pt, .pth); nothing in it is run</source>
        <translation>Einen veröffentlichten Checkpoint (.pkl, .pt, .pth) umwandeln; nichts darin wird ausgeführt</translation>
    </message>
    <message>
        <source>{seconds} s left</source>
        <translation>noch {seconds} s</translation>
    </message>
    <message>
        <source>Nothing is imported yet. Import a file, drop one on the window, or fetch one of the published generators.</source>
        <translation>Noch ist nichts importiert. Importieren Sie eine Datei, legen Sie eine auf dem Fenster ab, oder laden Sie einen der veröffentlichten Generatoren herunter.</translation>
    </message>
    <message>
        <source>Reading the library…</source>
        <translation>Die Bibliothek wird gelesen …</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>Familie</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>Auflösung</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>SHA-256 of the source</source>
        <translation>SHA-256 der Quelle</translation>
    </message>
    <message>
        <source>Imported</source>
        <translation>Importiert</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>This generator has no styles: parts are brought over by feature blending or Poisson blending, which work without.</source>
        <translation>Dieser Generator hat keine Stile: Teile werden durch Merkmals- oder Poisson-Überblendung übertragen, die ohne Stile auskommen.</translation>
    </message>
    <message>
        <source>Its parts are not known yet: find them before you open it.</source>
        <translation>Seine Teile sind noch nicht bekannt: Finden Sie sie, bevor Sie ihn öffnen.</translation>
    </message>
    <message>
        <source>Shows</source>
        <translation>Motiv</translation>
    </message>
    <message>
        <source>Publisher</source>
        <translation>Herausgeber</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Seite</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
</context>
<context>
    <name>LocalityPlot</name>
    <message>
        <source>Locality</source>
        <translation>Lokalität</translation>
    </message>
    <message>
        <source>How much changes outside the part (up) for how much changes inside (right), as shares of the whole difference. Lower is better; bands hold 95 % of resampled pairs.</source>
        <translation>Wie viel sich außerhalb des Teils ändert (nach oben) für so viel Änderung innen (nach rechts), als Anteile des ganzen Unterschieds. Niedriger ist besser; Bänder umfassen 95 % der neu gezogenen Paare.</translation>
    </message>
    <message>
        <source>In-MSE</source>
        <translation>In-MSE</translation>
    </message>
    <message>
        <source>Out-MSE</source>
        <translation>Out-MSE</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>How much the overlay covers the picture</source>
        <translation>Wie stark die Überlagerung das Bild verdeckt</translation>
    </message>
    <message>
        <source>Overlay opacity</source>
        <translation>Deckkraft der Überlagerung</translation>
    </message>
    <message>
        <source>Hint</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>References</source>
        <translation>Referenzen</translation>
    </message>
    <message>
        <source>Edits</source>
        <translation>Bearbeitungen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Step by Step</source>
        <translation>Schritt für Schritt</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>Open &amp;Recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>&amp;Bundled Generators</source>
        <translation>&amp;Mitgelieferte Generatoren</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Target</source>
        <translation>&amp;Zielbild</translation>
    </message>
    <message>
        <source>&amp;Parts</source>
        <translation>&amp;Teile</translation>
    </message>
    <message>
        <source>&amp;References</source>
        <translation>&amp;Referenzen</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Half Precision for Previews</source>
        <translation>&amp;Halbe Genauigkeit für Vorschauen</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Farbschema</translation>
    </message>
    <message>
        <source>Pa&amp;nels</source>
        <translation>&amp;Bedienfelder</translation>
    </message>
    <message>
        <source>Show or hide the panel {name}</source>
        <translation>Das Bedienfeld {name} zeigen oder verbergen</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Select the part {name}</source>
        <translation>Den Teil {name} wählen</translation>
    </message>
    <message>
        <source>Open the generator {name}</source>
        <translation>Den Generator {name} öffnen</translation>
    </message>
    <message>
        <source>&amp;Undo {step}</source>
        <translation>&amp;Rückgängig: {step}</translation>
    </message>
    <message>
        <source>&amp;Redo {step}</source>
        <translation>&amp;Wiederholen: {step}</translation>
    </message>
</context>
<context>
    <name>MeasuresView</name>
    <message>
        <source>Mean squared error in CIELAB, as the paper counts it: In-MSE inside the selected part, Out-MSE outside.</source>
        <translation>Mittlerer quadratischer Fehler in CIELAB, wie ihn der Artikel zählt: In-MSE im gewählten Teil, Out-MSE außerhalb.</translation>
    </message>
    <message>
        <source>Mean colour difference (CIE76); about 2.3 is just noticeable.</source>
        <translation>Mittlerer Farbabstand (CIE76); etwa 2,3 ist gerade wahrnehmbar.</translation>
    </message>
    <message>
        <source>Mean change outside over mean change inside; lower is more local.</source>
        <translation>Mittlere Änderung außerhalb geteilt durch mittlere Änderung innerhalb; weniger ist lokaler.</translation>
    </message>
    <message>
        <source>Parts that other edits of the stack change are not counted.</source>
        <translation>Teile, die andere Bearbeitungen des Stapels verändern, zählen nicht mit.</translation>
    </message>
    <message>
        <source>In-MSE</source>
        <translation>In-MSE</translation>
    </message>
    <message>
        <source>Out-MSE</source>
        <translation>Out-MSE</translation>
    </message>
    <message>
        <source>ΔE inside</source>
        <translation>ΔE innerhalb</translation>
    </message>
    <message>
        <source>ΔE outside</source>
        <translation>ΔE außerhalb</translation>
    </message>
    <message>
        <source>ROIR</source>
        <translation>ROIR</translation>
    </message>
    <message>
        <source>Most change elsewhere</source>
        <translation>Größte Änderung anderswo</translation>
    </message>
    <message>
        <source>The other part that changes most, by its mean colour difference.</source>
        <translation>Der andere Teil, der sich am meisten ändert, nach seinem mittleren Farbabstand.</translation>
    </message>
    <message>
        <source>Channels moved</source>
        <translation>Bewegte Kanäle</translation>
    </message>
    <message>
        <source>⚠ Leaks into {part}: ΔE {delta:.1f}</source>
        <translation>⚠ Streut auf {part}: ΔE {delta:.1f}</translation>
    </message>
    <message>
        <source>Most change elsewhere: {part}, ΔE {delta:.1f}</source>
        <translation>Größte Änderung anderswo: {part}, ΔE {delta:.1f}</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Messages</source>
        <translation>Meldungen</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n weitere</numerusform>
            <numerusform>%n weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MethodBox</name>
    <message>
        <source>Moves the most relevant channels first until the budget is spent.</source>
        <translation>Bewegt die relevantesten Kanäle zuerst, bis das Budget verbraucht ist.</translation>
    </message>
    <message>
        <source>As Sequential, in whole channels, like the paper&apos;s published code.</source>
        <translation>Wie „Sequenziell“, aber in ganzen Kanälen, wie der veröffentlichte Code zum Artikel.</translation>
    </message>
    <message>
        <source>Moves all channels at once, each as far as it is relevant.</source>
        <translation>Bewegt alle Kanäle zugleich, jeden so weit, wie er relevant ist.</translation>
    </message>
    <message>
        <source>Moves all channels alike: the whole picture turns to the reference.</source>
        <translation>Bewegt alle Kanäle gleich: Das ganze Bild nähert sich der Referenz.</translation>
    </message>
    <message>
        <source>Moves the channels that are clearly this part&apos;s on these two pictures. There is no budget (Retrieve in Style).</source>
        <translation>Bewegt die Kanäle, die auf diesen zwei Bildern deutlich zu diesem Teil gehören. Es gibt kein Budget (Retrieve in Style).</translation>
    </message>
    <message>
        <source>Puts the reference&apos;s features in the place of the target&apos;s, inside the part.</source>
        <translation>Setzt im Teil die Merkmale der Referenz an die Stelle der Merkmale des Zielbilds.</translation>
    </message>
    <message>
        <source>Puts the reference&apos;s part into the finished picture and fits its colours to what is around it. Nothing outside the part changes.</source>
        <translation>Setzt den Teil der Referenz in das fertige Bild ein und passt seine Farben der Umgebung an. Außerhalb des Teils ändert sich nichts.</translation>
    </message>
    <message>
        <source>Sequential</source>
        <translation>Sequenziell</translation>
    </message>
    <message>
        <source>Authors&apos; code</source>
        <translation>Code der Autoren</translation>
    </message>
    <message>
        <source>Simultaneous</source>
        <translation>Simultan</translation>
    </message>
    <message>
        <source>Global</source>
        <translation>Global</translation>
    </message>
    <message>
        <source>Per image</source>
        <translation>Pro Bild</translation>
    </message>
    <message>
        <source>Feature blending</source>
        <translation>Merkmalsüberblendung</translation>
    </message>
    <message>
        <source>Poisson blending</source>
        <translation>Poisson-Überblendung</translation>
    </message>
    <message>
        <source>Not here: this generator has no styles that could be moved.</source>
        <translation>Hier nicht: Dieser Generator hat keine Stile, die sich bewegen ließen.</translation>
    </message>
</context>
<context>
    <name>ModelLibraryController</name>
    <message>
        <source>reading the library</source>
        <translation>die Bibliothek wird gelesen</translation>
    </message>
    <message>
        <source>importing {name}</source>
        <translation>{name} wird importiert</translation>
    </message>
    <message>
        <source>Use It All the Same</source>
        <translation>Trotzdem verwenden</translation>
    </message>
    <message>
        <source>Try Again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>fetching {name}</source>
        <translation>{name} wird heruntergeladen</translation>
    </message>
    <message>
        <source>The parts of {name} are found; they have numbers for names.</source>
        <translation>Die Teile von {name} sind gefunden; sie haben Nummern als Namen.</translation>
    </message>
    <message>
        <source>Name them in the catalog workshop (Ctrl+K).</source>
        <translation>Benennen Sie sie in der Katalogwerkstatt (Strg+K).</translation>
    </message>
    <message>
        <source>Open It</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>finding the parts of {name}</source>
        <translation>die Teile von {name} werden gesucht</translation>
    </message>
    <message>
        <source>{name} is imported: {layout}, {resolution} px.</source>
        <translation>{name} ist importiert: {layout}, {resolution} px.</translation>
    </message>
    <message>
        <source>Find Its Parts</source>
        <translation>Seine Teile finden</translation>
    </message>
    <message>
        <source>It has no styles: parts are brought over by feature blending.</source>
        <translation>Er hat keine Stile: Teile werden durch Merkmalsüberblendung übertragen.</translation>
    </message>
    <message>
        <source>Rename generator</source>
        <translation>Generator umbenennen</translation>
    </message>
    <message>
        <source>{name} is removed from the library.</source>
        <translation>{name} wurde aus der Bibliothek entfernt.</translation>
    </message>
    <message>
        <source>It stays in the library&apos;s trash for 30 days.</source>
        <translation>Er bleibt 30 Tage im Papierkorb der Bibliothek.</translation>
    </message>
    <message>
        <source>Take It Back</source>
        <translation>Zurückholen</translation>
    </message>
</context>
<context>
    <name>NamePanel</name>
    <message>
        <source>Name of the selected clusters</source>
        <translation>Name der gewählten Cluster</translation>
    </message>
    <message>
        <source>Type a name and press Enter; the same name merges clusters</source>
        <translation>Einen Namen eingeben und Eingabe drücken; gleiche Namen verschmelzen Cluster</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>Be&amp;nennen</translation>
    </message>
    <message>
        <source>Give the selected clusters this name (Enter)</source>
        <translation>Den gewählten Clustern diesen Namen geben (Eingabe)</translation>
    </message>
    <message>
        <source>Leave &amp;Unnamed</source>
        <translation>&amp;Unbenannt lassen</translation>
    </message>
    <message>
        <source>Take the name of the selected clusters away</source>
        <translation>Die gewählten Cluster ohne Namen lassen</translation>
    </message>
    <message>
        <source>&amp;Split</source>
        <translation>Tei&amp;len</translation>
    </message>
    <message>
        <source>Split the selected cluster by k-means inside it</source>
        <translation>Den gewählten Cluster durch k-Means darin teilen</translation>
    </message>
    <message>
        <source>Left / &amp;Right</source>
        <translation>Links / &amp;rechts</translation>
    </message>
    <message>
        <source>Split the selected cluster into the left and the right half of the picture, as one looks at it: left eye, right eye</source>
        <translation>Den gewählten Cluster in die linke und die rechte Bildhälfte teilen, wie man sie sieht: linkes Auge, rechtes Auge</translation>
    </message>
    <message>
        <source>Into &amp;{count}</source>
        <translation>In &amp;{count}</translation>
    </message>
    <message>
        <source>&amp;Measure</source>
        <translation>&amp;Messen</translation>
    </message>
    <message>
        <source>Measure which channels make which cluster</source>
        <translation>Messen, welche Kanäle welchen Cluster bestimmen</translation>
    </message>
    <message>
        <source>Its name, then Enter</source>
        <translation>Name, dann Eingabe</translation>
    </message>
    <message>
        <source>Click a cluster on a picture, or choose one below.</source>
        <translation>Klicken Sie auf einem Bild auf einen Cluster, oder wählen Sie unten einen.</translation>
    </message>
    <message>
        <source>Cluster {number} · {share:.1%} of the samples</source>
        <translation>Cluster {number} · {share:.1%} der Proben</translation>
    </message>
    <message>
        <source>Clusters {numbers} · {share:.1%} of the samples</source>
        <translation>Cluster {numbers} · {share:.1%} der Proben</translation>
    </message>
    <message>
        <source>These may belong together:</source>
        <translation>Diese gehören vielleicht zusammen:</translation>
    </message>
</context>
<context>
    <name>NamingDocument</name>
    <message>
        <source>Name {name}</source>
        <translation>Benennen: {name}</translation>
    </message>
    <message>
        <source>Take the name away</source>
        <translation>Namen entfernen</translation>
    </message>
    <message>
        <source>Split cluster {number}</source>
        <translation>Cluster {number} teilen</translation>
    </message>
    <message>
        <source>Settings of {name}</source>
        <translation>Einstellungen: {name}</translation>
    </message>
</context>
<context>
    <name>NamingStep</name>
    <message>
        <source>This needs a selected cluster.</source>
        <translation>Dazu muss ein Cluster gewählt sein.</translation>
    </message>
    <message>
        <source>Click one on a picture.</source>
        <translation>Klicken Sie auf einem Bild auf einen.</translation>
    </message>
    <message>
        <source>Looking for clusters that belong together…</source>
        <translation>Cluster, die zusammengehören, werden gesucht …</translation>
    </message>
    <message>
        <source>measuring which channels make which cluster</source>
        <translation>es wird gemessen, welche Kanäle welchen Cluster bestimmen</translation>
    </message>
    <message>
        <source>They come once it is measured which channels make which cluster.</source>
        <translation>Sie kommen, sobald gemessen ist, welche Kanäle welchen Cluster bestimmen.</translation>
    </message>
    <message>
        <source>looking for clusters that belong together</source>
        <translation>Cluster, die zusammengehören, werden gesucht</translation>
    </message>
    <message>
        <source>No two clusters look as if they belonged together.</source>
        <translation>Keine zwei Cluster sehen aus, als gehörten sie zusammen.</translation>
    </message>
    <message>
        <source>part {number}</source>
        <translation>Teil {number}</translation>
    </message>
    <message>
        <source>splitting cluster {number}</source>
        <translation>Cluster {number} wird geteilt</translation>
    </message>
    <message>
        <source>Names changed while the cluster was split.</source>
        <translation>Namen haben sich geändert, während der Cluster geteilt wurde.</translation>
    </message>
    <message>
        <source>Split it once more.</source>
        <translation>Teilen Sie ihn noch einmal.</translation>
    </message>
    <message>
        <source>Cluster {number} is split into {children}.</source>
        <translation>Cluster {number} wurde in {children} geteilt.</translation>
    </message>
</context>
<context>
    <name>OrderBox</name>
    <message>
        <source>Order of references</source>
        <translation>Reihenfolge der Referenzen</translation>
    </message>
    <message>
        <source>By number</source>
        <translation>Nach Nummer</translation>
    </message>
    <message>
        <source>Subtle to bold</source>
        <translation>Von dezent bis kräftig</translation>
    </message>
    <message>
        <source>Bold to subtle</source>
        <translation>Von kräftig bis dezent</translation>
    </message>
    <message>
        <source>Like {name}</source>
        <translation>Ähnlich wie {name}</translation>
    </message>
    <message>
        <source>By how much each reference would change the selected part, or how alike its part is to another&apos;s</source>
        <translation>Danach, wie stark jede Referenz den gewählten Teil ändern würde, oder wie ähnlich ihr Teil dem einer anderen ist</translation>
    </message>
</context>
<context>
    <name>OwnReferences</name>
    <message>
        <source>Add from &amp;File…</source>
        <translation>Aus &amp;Datei hinzufügen …</translation>
    </message>
    <message>
        <source>Take a saved session or stored latents as a reference</source>
        <translation>Eine gespeicherte Sitzung oder gespeicherte Latente als Referenz nehmen</translation>
    </message>
    <message>
        <source>Add This &amp;Picture</source>
        <translation>Dieses &amp;Bild hinzufügen</translation>
    </message>
    <message>
        <source>Keep the present result as a reference</source>
        <translation>Das jetzige Ergebnis als Referenz behalten</translation>
    </message>
    <message>
        <source>Use as &amp;Target</source>
        <translation>Als &amp;Zielbild nehmen</translation>
    </message>
    <message>
        <source>Edit the picture of the reference under the pointer</source>
        <translation>Das Bild der Referenz unter dem Zeiger bearbeiten</translation>
    </message>
    <message>
        <source>Own references</source>
        <translation>Eigene Referenzen</translation>
    </message>
    <message>
        <source>References from files; click one to take its part, Del takes it away</source>
        <translation>Referenzen aus Dateien; ein Klick übernimmt den Teil, Entf nimmt eine weg</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>Mehr wie diese</translation>
    </message>
    <message>
        <source>Use as target</source>
        <translation>Als Zielbild nehmen</translation>
    </message>
    <message>
        <source>Take Away</source>
        <translation>Wegnehmen</translation>
    </message>
</context>
<context>
    <name>OwnReferencesController</name>
    <message>
        <source>reading {name}</source>
        <translation>{name} wird gelesen</translation>
    </message>
    <message>
        <source>Reference {name}</source>
        <translation>Referenz {name}</translation>
    </message>
    <message>
        <source>keeping {name} as a reference</source>
        <translation>{name} wird als Referenz behalten</translation>
    </message>
    <message>
        <source>Removal of {name}</source>
        <translation>Entfernen: {name}</translation>
    </message>
</context>
<context>
    <name>PartList</name>
    <message>
        <source>Parts</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>Click a part, or press its number, then pick a reference for it.</source>
        <translation>Klicken Sie auf einen Teil oder drücken Sie seine Nummer, dann wählen Sie eine Referenz dafür.</translation>
    </message>
</context>
<context>
    <name>ReferenceActions</name>
    <message>
        <source>&amp;Go to Seed</source>
        <translation>&amp;Zu Startwert gehen</translation>
    </message>
    <message>
        <source>Type a seed to see</source>
        <translation>Einen Startwert eingeben, der gezeigt wird</translation>
    </message>
    <message>
        <source>By &amp;Number</source>
        <translation>Nach &amp;Nummer</translation>
    </message>
    <message>
        <source>Show the references in the order of their numbers</source>
        <translation>Die Referenzen in der Reihenfolge ihrer Nummern zeigen</translation>
    </message>
    <message>
        <source>&amp;Subtle to Bold</source>
        <translation>Von &amp;dezent bis kräftig</translation>
    </message>
    <message>
        <source>Show those first that would change the selected part least</source>
        <translation>Zuerst die zeigen, die den gewählten Teil am wenigsten ändern würden</translation>
    </message>
    <message>
        <source>&amp;Bold to Subtle</source>
        <translation>Von &amp;kräftig bis dezent</translation>
    </message>
    <message>
        <source>Show those first that would change the selected part most</source>
        <translation>Zuerst die zeigen, die den gewählten Teil am meisten ändern würden</translation>
    </message>
    <message>
        <source>&amp;More Like This</source>
        <translation>&amp;Mehr wie diese</translation>
    </message>
    <message>
        <source>Show those first whose part is like that of the reference under the pointer</source>
        <translation>Zuerst die zeigen, deren Teil dem der Referenz unter dem Zeiger ähnelt</translation>
    </message>
</context>
<context>
    <name>ReferenceGallery</name>
    <message>
        <source>References</source>
        <translation>Referenzen</translation>
    </message>
    <message>
        <source>Favourites only</source>
        <translation>Nur Favoriten</translation>
    </message>
    <message>
        <source>Show the marked references only. F or a click on the star marks one.</source>
        <translation>Nur die markierten Referenzen zeigen. F oder ein Klick auf den Stern markiert eine.</translation>
    </message>
    <message>
        <source>Go to seed</source>
        <translation>Gehe zu Startwert</translation>
    </message>
    <message>
        <source>Type a seed and press Enter to go there.</source>
        <translation>Einen Startwert eingeben und Eingabe drücken, um dorthin zu gehen.</translation>
    </message>
    <message>
        <source>Progress of ordering</source>
        <translation>Fortschritt des Ordnens</translation>
    </message>
    <message>
        <source>Thumbnail size</source>
        <translation>Größe der Miniaturen</translation>
    </message>
    <message>
        <source>Size of the thumbnails</source>
        <translation>Größe der Miniaturen</translation>
    </message>
    <message>
        <source>No favourites yet. Press F on a reference.</source>
        <translation>Noch keine Favoriten. Drücken Sie F auf einer Referenz.</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>Use seed {seed} as reference</source>
        <translation>Startwert {seed} als Referenz verwenden</translation>
    </message>
    <message>
        <source>Remove from favourites</source>
        <translation>Aus Favoriten entfernen</translation>
    </message>
    <message>
        <source>Add to favourites</source>
        <translation>Zu Favoriten hinzufügen</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>Mehr wie diese</translation>
    </message>
</context>
<context>
    <name>ReferenceOrder</name>
    <message>
        <source>This generator has no styles, by which parts could be compared.</source>
        <translation>Dieser Generator hat keine Stile, an denen sich Teile vergleichen ließen.</translation>
    </message>
    <message>
        <source>ordering, {n} %</source>
        <translation>ordne, {n} %</translation>
    </message>
</context>
<context>
    <name>SampleCanvas</name>
    <message>
        <source>Click a cluster to select it. Turn the wheel to zoom, drag to move the sample.</source>
        <translation>Klicken Sie auf einen Cluster, um ihn zu wählen. Das Mausrad vergrößert, Ziehen verschiebt die Probe.</translation>
    </message>
</context>
<context>
    <name>SampleViews</name>
    <message>
        <source>Sample</source>
        <translation>Probe</translation>
    </message>
    <message>
        <source>Previous sample (Page Up)</source>
        <translation>Vorige Probe (Bild aufwärts)</translation>
    </message>
    <message>
        <source>Next sample (Page Down)</source>
        <translation>Nächste Probe (Bild abwärts)</translation>
    </message>
    <message>
        <source>Opacity of the colours</source>
        <translation>Deckkraft der Farben</translation>
    </message>
    <message>
        <source>How much the colours cover the picture</source>
        <translation>Wie stark die Farben das Bild verdecken</translation>
    </message>
    <message>
        <source>Sample of seed {seed}</source>
        <translation>Probe mit Startwert {seed}</translation>
    </message>
    <message>
        <source>Seed {seed}</source>
        <translation>Startwert {seed}</translation>
    </message>
    <message>
        <source>Sample {number} of {all} · seed {seed}</source>
        <translation>Probe {number} von {all} · Startwert {seed}</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
</context>
<context>
    <name>SavePanel</name>
    <message>
        <source>Name of the catalog</source>
        <translation>Name des Katalogs</translation>
    </message>
    <message>
        <source>Saving again under one name makes a new version of it</source>
        <translation>Erneut unter demselben Namen gespeichert, entsteht eine neue Version</translation>
    </message>
    <message>
        <source>&amp;Save Version</source>
        <translation>Version s&amp;peichern</translation>
    </message>
    <message>
        <source>Put the catalog on the shelf; earlier versions stay</source>
        <translation>Den Katalog ins Regal stellen; frühere Versionen bleiben</translation>
    </message>
    <message>
        <source>&amp;Export Sheet…</source>
        <translation>Blatt &amp;exportieren …</translation>
    </message>
    <message>
        <source>Write the samples with their clusters as one PNG</source>
        <translation>Die Proben mit ihren Clustern als ein PNG speichern</translation>
    </message>
    <message>
        <source>Catalog</source>
        <translation>Katalog</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>K</source>
        <translation>K</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Catalogs of this generator</source>
        <translation>Kataloge dieses Generators</translation>
    </message>
    <message>
        <source>&amp;Use in Editor</source>
        <translation>Im Editor &amp;verwenden</translation>
    </message>
    <message>
        <source>Have the editor work with this catalog; the session goes along</source>
        <translation>Den Editor mit diesem Katalog arbeiten lassen; die Sitzung kommt mit</translation>
    </message>
    <message>
        <source>&amp;Open Here</source>
        <translation>Hier ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Go on naming this catalog in the workshop</source>
        <translation>Diesen Katalog in der Werkstatt weiter benennen</translation>
    </message>
    <message>
        <source>&amp;Duplicate…</source>
        <translation>&amp;Duplizieren …</translation>
    </message>
    <message>
        <source>Copy it under another name</source>
        <translation>Unter anderem Namen kopieren</translation>
    </message>
    <message>
        <source>&amp;Rename…</source>
        <translation>&amp;Umbenennen …</translation>
    </message>
    <message>
        <source>Call it something else</source>
        <translation>Einen anderen Namen geben</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>Entfe&amp;rnen</translation>
    </message>
    <message>
        <source>Take it off the shelf; it can be taken back</source>
        <translation>Aus dem Regal nehmen; er lässt sich zurückholen</translation>
    </message>
    <message>
        <source>Nothing is on the bench: cluster, or open one below.</source>
        <translation>Auf der Werkbank liegt nichts: Clustern Sie, oder öffnen Sie unten einen Katalog.</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>in Gebrauch</translation>
    </message>
    <message>
        <source>beside its file</source>
        <translation>bei der Generatordatei</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>No cluster has a name</source>
        <translation>Kein Cluster hat einen Namen</translation>
    </message>
    <message>
        <source>None of its clusters has a name: name some first</source>
        <translation>Keiner seiner Cluster hat einen Namen: Benennen Sie zuerst einige</translation>
    </message>
    <message>
        <source>On the bench</source>
        <translation>Auf der Werkbank</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>On the shelf</source>
        <translation>Im Regal</translation>
    </message>
</context>
<context>
    <name>ScorePlot</name>
    <message>
        <source>Scores over K</source>
        <translation>Gütewerte nach K</translation>
    </message>
    <message>
        <source>Stability: how alike clusterings of other pictures are. Mean cosine: how close activations lie to their centroids. The ring marks a suggestion; you choose.</source>
        <translation>Stabilität: wie ähnlich Clusterungen anderer Bilder sind. Mittlerer Kosinus: wie nahe Aktivierungen an ihren Zentren liegen. Der Ring markiert einen Vorschlag; Sie wählen.</translation>
    </message>
    <message>
        <source>{layer}, K {clusters}: mean cosine {cosine:.3f}</source>
        <translation>{layer}, K {clusters}: mittlerer Kosinus {cosine:.3f}</translation>
    </message>
    <message>
        <source>stability {value:.2f}</source>
        <translation>Stabilität {value:.2f}</translation>
    </message>
    <message>
        <source>suggested</source>
        <translation>vorgeschlagen</translation>
    </message>
    <message>
        <source>Stability</source>
        <translation>Stabilität</translation>
    </message>
    <message>
        <source>Mean cosine</source>
        <translation>Mittlerer Kosinus</translation>
    </message>
</context>
<context>
    <name>SeedModel</name>
    <message>
        <source>Seed {seed}</source>
        <translation>Startwert {seed}</translation>
    </message>
    <message>
        <source>, favourite</source>
        <translation>, Favorit</translation>
    </message>
</context>
<context>
    <name>Sessions</name>
    <message>
        <source>The editor works with the other catalog now.</source>
        <translation>Der Editor arbeitet jetzt mit dem anderen Katalog.</translation>
    </message>
    <message>
        <source>The other catalog lacks {parts}: edits of them did not come along.</source>
        <translation>Der andere Katalog enthält {parts} nicht: Bearbeitungen davon kamen nicht mit.</translation>
    </message>
    <message>
        <source>They are kept in the session with the former catalog.</source>
        <translation>Sie bleiben in der Sitzung mit dem früheren Katalog.</translation>
    </message>
    <message>
        <source>Go Back to It</source>
        <translation>Dorthin zurückkehren</translation>
    </message>
    <message>
        <source>opening {name}</source>
        <translation>{name} wird geöffnet</translation>
    </message>
    <message>
        <source>Saved {name}.</source>
        <translation>{name} ist gespeichert.</translation>
    </message>
    <message>
        <source>saving {name}</source>
        <translation>{name} wird gespeichert</translation>
    </message>
    <message>
        <source>exporting {name}</source>
        <translation>{name} wird exportiert</translation>
    </message>
    <message>
        <source>Exported {name}.</source>
        <translation>{name} ist exportiert.</translation>
    </message>
    <message>
        <source>LocalEdit ended before “{name}” was saved ({when}).</source>
        <translation>LocalEdit wurde beendet, bevor „{name}“ gespeichert war ({when}).</translation>
    </message>
    <message>
        <source>a session</source>
        <translation>eine Sitzung</translation>
    </message>
    <message>
        <source>Bring it back</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>Discard it</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Its last state was kept.</source>
        <translation>Ihr letzter Stand wurde aufbewahrt.</translation>
    </message>
</context>
<context>
    <name>ShelvingStep</name>
    <message>
        <source>reading the shelf</source>
        <translation>das Regal wird gelesen</translation>
    </message>
    <message>
        <source>{layer}, K {clusters}: {parts} parts of {named} clusters, {rest} without a name.</source>
        <translation>{layer}, K {clusters}: {parts} Teile aus {named} Clustern, {rest} ohne Namen.</translation>
    </message>
    <message>
        <source>Not saved yet.</source>
        <translation>Noch nicht gespeichert.</translation>
    </message>
    <message>
        <source>It is saved once it is measured which channels make which cluster.</source>
        <translation>Er wird gespeichert, sobald gemessen ist, welche Kanäle welchen Cluster bestimmen.</translation>
    </message>
    <message>
        <source>You can go on; the progress is below.</source>
        <translation>Sie können weiterarbeiten; der Fortschritt steht unten.</translation>
    </message>
    <message>
        <source>saving {name}</source>
        <translation>{name} wird gespeichert</translation>
    </message>
    <message>
        <source>{name} is on the shelf, version {version}.</source>
        <translation>{name} steht im Regal, Version {version}.</translation>
    </message>
    <message>
        <source>Press Use in Editor to edit with it.</source>
        <translation>Drücken Sie „Im Editor verwenden“, um damit zu arbeiten.</translation>
    </message>
    <message>
        <source>It was not saved: measuring was given up.</source>
        <translation>Er wurde nicht gespeichert: Das Messen wurde abgebrochen.</translation>
    </message>
    <message>
        <source>Save it again.</source>
        <translation>Speichern Sie ihn noch einmal.</translation>
    </message>
    <message>
        <source>clusters</source>
        <translation>Cluster</translation>
    </message>
    <message>
        <source>exporting {name}</source>
        <translation>{name} wird exportiert</translation>
    </message>
    <message>
        <source>Exported {name}.</source>
        <translation>{name} ist exportiert.</translation>
    </message>
    <message>
        <source>opening {name}</source>
        <translation>{name} wird geöffnet</translation>
    </message>
    <message>
        <source>The editor works with {name} now.</source>
        <translation>Der Editor arbeitet jetzt mit {name}.</translation>
    </message>
    <message>
        <source>Close the workshop to go on there.</source>
        <translation>Schließen Sie die Werkstatt, um dort weiterzumachen.</translation>
    </message>
    <message>
        <source>choosing {name}</source>
        <translation>{name} wird gewählt</translation>
    </message>
    <message>
        <source>Duplicate catalog</source>
        <translation>Katalog duplizieren</translation>
    </message>
    <message>
        <source>{name} copy</source>
        <translation>{name} (Kopie)</translation>
    </message>
    <message>
        <source>copying {name}</source>
        <translation>{name} wird kopiert</translation>
    </message>
    <message>
        <source>Rename catalog</source>
        <translation>Katalog umbenennen</translation>
    </message>
    <message>
        <source>renaming {name}</source>
        <translation>{name} wird umbenannt</translation>
    </message>
    <message>
        <source>{name}, version {version}, is removed.</source>
        <translation>{name}, Version {version}, wurde entfernt.</translation>
    </message>
    <message>
        <source>It stays in the trash for 30 days.</source>
        <translation>Er bleibt 30 Tage im Papierkorb.</translation>
    </message>
    <message>
        <source>Take It Back</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>removing {name}</source>
        <translation>{name} wird entfernt</translation>
    </message>
    <message>
        <source>taking {name} back</source>
        <translation>{name} wird zurückgeholt</translation>
    </message>
</context>
<context>
    <name>StackActions</name>
    <message>
        <source>&amp;Solo Edit</source>
        <translation>Bearbeitung &amp;solo schalten</translation>
    </message>
    <message>
        <source>Mute all other edits, or let them act again as before</source>
        <translation>Alle anderen Bearbeitungen stummschalten oder wieder wirken lassen wie zuvor</translation>
    </message>
    <message>
        <source>&amp;Copy Edit</source>
        <translation>Bearbeitung &amp;kopieren</translation>
    </message>
    <message>
        <source>Copy for another session</source>
        <translation>Für eine andere Sitzung kopieren</translation>
    </message>
    <message>
        <source>&amp;Paste Edit</source>
        <translation>Bearbeitung &amp;einfügen</translation>
    </message>
    <message>
        <source>Put the copied edit above the selected one</source>
        <translation>Die kopierte Bearbeitung über die gewählte setzen</translation>
    </message>
</context>
<context>
    <name>StackController</name>
    <message>
        <source>There is no edit on the clipboard.</source>
        <translation>In der Zwischenablage ist keine Bearbeitung.</translation>
    </message>
    <message>
        <source>The copied edit holds values that this generator cannot take.</source>
        <translation>Die kopierte Bearbeitung enthält Werte, die dieser Generator nicht annehmen kann.</translation>
    </message>
    <message>
        <source>Copy the edit again.</source>
        <translation>Kopieren Sie die Bearbeitung noch einmal.</translation>
    </message>
    <message>
        <source>This edit was copied from a session on another generator.</source>
        <translation>Diese Bearbeitung wurde aus einer Sitzung auf einem anderen Generator kopiert.</translation>
    </message>
    <message>
        <source>Its reference is a picture that only that generator makes.</source>
        <translation>Ihre Referenz ist ein Bild, das nur jener Generator erzeugt.</translation>
    </message>
    <message>
        <source>This generator has no class {number}.</source>
        <translation>Dieser Generator hat keine Klasse {number}.</translation>
    </message>
    <message>
        <source>The catalog of this generator has no part “{part}”.</source>
        <translation>Der Katalog dieses Generators hat keinen Teil „{part}“.</translation>
    </message>
    <message>
        <source>It has {parts}.</source>
        <translation>Vorhanden sind: {parts}.</translation>
    </message>
    <message>
        <source>A spatial guard on both keeps edits of different parts apart.</source>
        <translation>Ein räumlicher Schutz auf beiden hält Bearbeitungen verschiedener Teile auseinander.</translation>
    </message>
    <message>
        <source>{count} channels of {layer}</source>
        <translation>{count} Kanäle von {layer}</translation>
    </message>
    <message>
        <source> and {count} more</source>
        <translation> und {count} weitere</translation>
    </message>
    <message>
        <source>Two edits of {part} both move {what}; the upper one wins.</source>
        <translation>Zwei Bearbeitungen von {part} bewegen beide {what}; die obere gewinnt.</translation>
    </message>
    <message>
        <source>{upper} and {lower} both move {what}; the upper one wins.</source>
        <translation>{upper} und {lower} bewegen beide {what}; die obere gewinnt.</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>A job is running</source>
        <translation>Ein Vorgang läuft</translation>
    </message>
    <message>
        <source>Median time from a change to the preview, and to the full picture</source>
        <translation>Median der Zeit von einer Änderung bis zur Vorschau und bis zum vollen Bild</translation>
    </message>
    <message>
        <source>Screen pixels per picture pixel</source>
        <translation>Bildschirmpixel je Bildpixel</translation>
    </message>
    <message>
        <source>What the generator runs on; press to choose another device</source>
        <translation>Worauf der Generator rechnet; drücken, um ein anderes Gerät zu wählen</translation>
    </message>
    <message>
        <source>Preview {ms:.0f} ms</source>
        <translation>Vorschau {ms:.0f} ms</translation>
    </message>
    <message>
        <source>Full {ms:.0f} ms</source>
        <translation>Voll {ms:.0f} ms</translation>
    </message>
    <message>
        <source>{percent:.0f} %</source>
        <translation>{percent:.0f} %</translation>
    </message>
</context>
<context>
    <name>SuggestionList</name>
    <message>
        <source>Clusters that may belong together</source>
        <translation>Cluster, die vielleicht zusammengehören</translation>
    </message>
</context>
<context>
    <name>SweepRow</name>
    <message>
        <source>{layer}, K {k}</source>
        <translation>{layer}, K {k}</translation>
    </message>
    <message>
        <source>waiting…</source>
        <translation>wartet …</translation>
    </message>
    <message>
        <source>Name These</source>
        <translation>Diese benennen</translation>
    </message>
    <message>
        <source>Go on with {layer}, K {k}: name its clusters</source>
        <translation>Mit {layer}, K {k} weitermachen: die Cluster benennen</translation>
    </message>
    <message>
        <source>mean cosine {value:.3f}</source>
        <translation>mittlerer Kosinus {value:.3f}</translation>
    </message>
    <message>
        <source>stability {value:.2f}</source>
        <translation>Stabilität {value:.2f}</translation>
    </message>
    <message>
        <source>◎ suggested by the scores</source>
        <translation>◎ nach den Gütewerten vorgeschlagen</translation>
    </message>
</context>
<context>
    <name>SweepRows</name>
    <message>
        <source>Memberships</source>
        <translation>Zugehörigkeiten</translation>
    </message>
</context>
<context>
    <name>TargetBar</name>
    <message>
        <source>Target</source>
        <translation>Zielbild</translation>
    </message>
    <message>
        <source>The picture that is edited, by its number (seed)</source>
        <translation>Das Bild, das bearbeitet wird, nach seiner Nummer (Startwert)</translation>
    </message>
    <message>
        <source>Target number</source>
        <translation>Nummer des Zielbilds</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Truncation</source>
        <translation>Trunkierung</translation>
    </message>
    <message>
        <source>0 is the average picture; higher is more varied, and rarer</source>
        <translation>0 ist das mittlere Bild; höher ist abwechslungsreicher und seltener</translation>
    </message>
    <message>
        <source>The class that pictures are drawn of, 0 to {last} (C, Shift+C)</source>
        <translation>Die Klasse der gezeichneten Bilder, 0 bis {last} (C, Umschalt+C)</translation>
    </message>
    <message>
        <source>This generator truncates nothing: every picture is as varied as it is.</source>
        <translation>Dieser Generator trunkiert nichts: Jedes Bild ist so abwechslungsreich, wie es ist.</translation>
    </message>
</context>
<context>
    <name>TargetCanvas</name>
    <message>
        <source>Target picture</source>
        <translation>Zielbild</translation>
    </message>
    <message>
        <source>Click a part to select it. Turn the wheel to zoom, drag to move the picture, hold Space to see the original.</source>
        <translation>Ein Klick auf einen Teil wählt ihn. Das Mausrad zoomt, Ziehen verschiebt das Bild, die gedrückte Leertaste zeigt das Original.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keiner</translation>
    </message>
    <message>
        <source>Selected part: {part}.</source>
        <translation>Gewählter Teil: {part}.</translation>
    </message>
    <message>
        <source>Highlighted: {part}.</source>
        <translation>Hervorgehoben: {part}.</translation>
    </message>
    <message>
        <source>The picture appears here.</source>
        <translation>Hier erscheint das Bild.</translation>
    </message>
</context>
<context>
    <name>TradeOffController</name>
    <message>
        <source>Budget of {part}</source>
        <translation>Budget: {part}</translation>
    </message>
    <message>
        <source>finding the budget</source>
        <translation>das Budget wird gesucht</translation>
    </message>
</context>
<context>
    <name>TradeOffPlot</name>
    <message>
        <source>Trade-off</source>
        <translation>Abwägung</translation>
    </message>
    <message>
        <source>How much changes outside the part (up) for how much changes inside (right), as the budget grows, measured on small pictures. The dot is where the slider stands.</source>
        <translation>Wie viel sich außerhalb des Teils ändert (nach oben), dafür dass sich innerhalb so viel ändert (nach rechts), während das Budget wächst, an kleinen Bildern gemessen. Der Punkt ist dort, wo der Regler steht.</translation>
    </message>
    <message>
        <source>In-MSE at {side} px</source>
        <translation>In-MSE bei {side} px</translation>
    </message>
    <message>
        <source>Out-MSE</source>
        <translation>Out-MSE</translation>
    </message>
    <message>
        <source>here: {inside:.5f} inside, {outside:.5f} outside</source>
        <translation>hier: {inside:.5f} innerhalb, {outside:.5f} außerhalb</translation>
    </message>
</context>
<context>
    <name>ValueSlider</name>
    <message>
        <source>Double-click the name to go back to {default}.</source>
        <translation>Ein Doppelklick auf den Namen setzt auf {default} zurück.</translation>
    </message>
    <message>
        <source>{name}, slider</source>
        <translation>{name}, Schieberegler</translation>
    </message>
</context>
<context>
    <name>Workshop</name>
    <message>
        <source>&amp;Undo {step}</source>
        <translation>&amp;Rückgängig: {step}</translation>
    </message>
    <message>
        <source>&amp;Redo {step}</source>
        <translation>&amp;Wiederholen: {step}</translation>
    </message>
    <message>
        <source>The workshop is still at work on {name}.</source>
        <translation>Die Werkstatt arbeitet noch an {name}.</translation>
    </message>
    <message>
        <source>Turn to {title}</source>
        <translation>Zu {title} wechseln</translation>
    </message>
    <message>
        <source>opening {name}</source>
        <translation>{name} wird geöffnet</translation>
    </message>
    <message>
        <source>{title} · {family} · {side} px</source>
        <translation>{title} · {family} · {side} px</translation>
    </message>
    <message>
        <source>The generator is being opened</source>
        <translation>Der Generator wird geöffnet</translation>
    </message>
    <message>
        <source>Cluster first, then press Name These; or open a catalog under Save</source>
        <translation>Zuerst clustern, dann „Diese benennen“ drücken; oder unter „Speichern“ einen Katalog öffnen</translation>
    </message>
    <message>
        <source>Name at least one cluster first</source>
        <translation>Zuerst mindestens einen Cluster benennen</translation>
    </message>
    <message>
        <source>Choose layers and K, then press Start.</source>
        <translation>Wählen Sie Schichten und K, dann drücken Sie „Starten“.</translation>
    </message>
    <message>
        <source>Press Name These on the row whose clusters follow what you see.</source>
        <translation>Drücken Sie „Diese benennen“ in der Zeile, deren Cluster dem folgen, was Sie sehen.</translation>
    </message>
    <message>
        <source>Click a cluster, type what it is, press Enter. One name, one part.</source>
        <translation>Klicken Sie auf einen Cluster, geben Sie ein, was er ist, drücken Sie Eingabe. Ein Name, ein Teil.</translation>
    </message>
    <message>
        <source>Does the outline follow the part? Budget and floor are kept with it.</source>
        <translation>Folgt der Umriss dem Teil? Budget und Schwelle werden mit ihm aufbewahrt.</translation>
    </message>
    <message>
        <source>Save a version, then press Use in Editor to edit with it.</source>
        <translation>Speichern Sie eine Version, dann drücken Sie „Im Editor verwenden“, um damit zu arbeiten.</translation>
    </message>
    <message>
        <source>the parts of {name}</source>
        <translation>Teile von {name}</translation>
    </message>
    <message>
        <source>LocalEdit ended before the parts of “{name}” were saved ({when}).</source>
        <translation>LocalEdit wurde beendet, bevor die Teile von „{name}“ gespeichert waren ({when}).</translation>
    </message>
    <message>
        <source>Bring Them Back</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>Discard Them</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Their names were kept.</source>
        <translation>Ihre Namen wurden aufbewahrt.</translation>
    </message>
    <message>
        <source>bringing names back</source>
        <translation>Namen werden zurückgeholt</translation>
    </message>
</context>
<context>
    <name>WorkshopActions</name>
    <message>
        <source>&amp;Start Clustering</source>
        <translation>&amp;Clusterung starten</translation>
    </message>
    <message>
        <source>Cluster as set</source>
        <translation>Clustern wie eingestellt</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>Give up what runs; what is done stays</source>
        <translation>Laufendes abbrechen; Fertiges bleibt</translation>
    </message>
    <message>
        <source>Sa&amp;ve Version</source>
        <translation>&amp;Version speichern</translation>
    </message>
    <message>
        <source>Put it on the shelf</source>
        <translation>Ins Regal stellen</translation>
    </message>
    <message>
        <source>&amp;Export Sheet…</source>
        <translation>Blatt &amp;exportieren …</translation>
    </message>
    <message>
        <source>Write the samples with their clusters as one PNG</source>
        <translation>Die Proben mit ihren Clustern als ein PNG speichern</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Close the workshop</source>
        <translation>Die Werkstatt schließen</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Take the last step back</source>
        <translation>Den letzten Schritt zurücknehmen</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Do the step again that was taken back</source>
        <translation>Den zurückgenommenen Schritt wiederholen</translation>
    </message>
    <message>
        <source>&amp;Name Clusters</source>
        <translation>Cluster &amp;benennen</translation>
    </message>
    <message>
        <source>Type the selection&apos;s name</source>
        <translation>Den Namen der Auswahl eingeben</translation>
    </message>
    <message>
        <source>&amp;Leave Unnamed</source>
        <translation>&amp;Unbenannt lassen</translation>
    </message>
    <message>
        <source>Take the names of the selected clusters away</source>
        <translation>Die gewählten Cluster ohne Namen lassen</translation>
    </message>
    <message>
        <source>Split into &amp;2</source>
        <translation>In &amp;2 teilen</translation>
    </message>
    <message>
        <source>Split the selected cluster by k-means inside it</source>
        <translation>Den gewählten Cluster durch k-Means darin teilen</translation>
    </message>
    <message>
        <source>Split into &amp;3</source>
        <translation>In &amp;3 teilen</translation>
    </message>
    <message>
        <source>The same, into 3</source>
        <translation>Dasselbe, in 3</translation>
    </message>
    <message>
        <source>Split into &amp;4</source>
        <translation>In &amp;4 teilen</translation>
    </message>
    <message>
        <source>The same, into 4</source>
        <translation>Dasselbe, in 4</translation>
    </message>
    <message>
        <source>Split Left / Ri&amp;ght</source>
        <translation>&amp;Links / rechts teilen</translation>
    </message>
    <message>
        <source>Split it into the left and the right half of the picture</source>
        <translation>In die linke und die rechte Bildhälfte teilen</translation>
    </message>
    <message>
        <source>&amp;Accept First Suggestion</source>
        <translation>Ersten Vorschlag &amp;annehmen</translation>
    </message>
    <message>
        <source>Make the two clusters suggested first one part</source>
        <translation>Die zwei zuerst vorgeschlagenen Cluster zu einem Teil machen</translation>
    </message>
    <message>
        <source>Select N&amp;one</source>
        <translation>&amp;Keinen wählen</translation>
    </message>
    <message>
        <source>Select no cluster</source>
        <translation>Keinen Cluster wählen</translation>
    </message>
    <message>
        <source>&amp;Next Sample</source>
        <translation>&amp;Nächste Probe</translation>
    </message>
    <message>
        <source>Show the next sample large</source>
        <translation>Die nächste Probe groß zeigen</translation>
    </message>
    <message>
        <source>&amp;Previous Sample</source>
        <translation>&amp;Vorige Probe</translation>
    </message>
    <message>
        <source>Show the previous sample large</source>
        <translation>Die vorige Probe groß zeigen</translation>
    </message>
    <message>
        <source>&amp;More Colour</source>
        <translation>&amp;Mehr Farbe</translation>
    </message>
    <message>
        <source>Stronger colours</source>
        <translation>Kräftigere Farben</translation>
    </message>
    <message>
        <source>&amp;Less Colour</source>
        <translation>&amp;Weniger Farbe</translation>
    </message>
    <message>
        <source>Fainter colours</source>
        <translation>Blassere Farben</translation>
    </message>
    <message>
        <source>Zoom &amp;In</source>
        <translation>Ver&amp;größern</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom O&amp;ut</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>&amp;Einpassen</translation>
    </message>
    <message>
        <source>Show the whole sample</source>
        <translation>Die ganze Probe zeigen</translation>
    </message>
    <message>
        <source>&amp;Cluster</source>
        <translation>&amp;Clustern</translation>
    </message>
    <message>
        <source>Choose layer and K</source>
        <translation>Schicht und K wählen</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Benennen</translation>
    </message>
    <message>
        <source>Say what the clusters are</source>
        <translation>Sagen, was die Cluster sind</translation>
    </message>
    <message>
        <source>C&amp;heck</source>
        <translation>&amp;Prüfen</translation>
    </message>
    <message>
        <source>Look at parts, try them</source>
        <translation>Teile ansehen, sie ausprobieren</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>Save, open, use catalogs</source>
        <translation>Kataloge speichern, öffnen, verwenden</translation>
    </message>
</context>
<context>
    <name>_PartModel</name>
    <message>
        <source>{name}: {share:.1%} of the picture, edits: {edits}</source>
        <translation>{name}: {share:.1%} des Bildes, Bearbeitungen: {edits}</translation>
    </message>
    <message>
        <source> · key {key}</source>
        <translation> · Taste {key}</translation>
    </message>
</context>
<context>
    <name>_Row</name>
    <message>
        <source>channels {value:.0%}</source>
        <translation>Kanäle {value:.0%}</translation>
    </message>
    <message>
        <source>border {value:.0%}</source>
        <translation>Grenze {value:.0%}</translation>
    </message>
    <message>
        <source>Together</source>
        <translation>Zusammen</translation>
    </message>
    <message>
        <source>Make {a} and {b} one part. Channels: how alike those that make them are (M). Border: how much of it they share.</source>
        <translation>{a} und {b} zu einem Teil machen. Kanäle: wie ähnlich die sind, die sie bestimmen (M). Grenze: wie viel davon sie gemeinsam haben.</translation>
    </message>
</context>
</TS>
