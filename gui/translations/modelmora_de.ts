<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Health</name>
    <message>
        <source>Open the model</source>
        <translation>Modell öffnen</translation>
    </message>
    <message>
        <source>%1 is not well.</source>
        <translation>%1 ist gestört.</translation>
    </message>
    <message>
        <source>%1 cannot load yet.</source>
        <translation>%1 kann noch nicht geladen werden.</translation>
    </message>
    <message>
        <source>%1 could not be loaded.</source>
        <translation>%1 konnte nicht geladen werden.</translation>
    </message>
    <message>
        <source>No model is registered yet</source>
        <translation>Noch ist kein Modell registriert</translation>
    </message>
    <message>
        <source>No model loaded</source>
        <translation>Kein Modell geladen</translation>
    </message>
    <message numerus="yes">
        <source>%n model(s) loaded</source>
        <translation>
            <numerusform>%n Modell geladen</numerusform><numerusform>%n Modelle geladen</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n loading</source>
        <translation>
            <numerusform>%n lädt</numerusform><numerusform>%n laden</numerusform></translation>
    </message>
    <message>
        <source>nothing waits</source>
        <translation>nichts wartet</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) waiting</source>
        <translation>
            <numerusform>%n Anfrage wartet</numerusform><numerusform>%n Anfragen warten</numerusform></translation>
    </message>
    <message>
        <source>one model needs a decision</source>
        <translation>ein Modell braucht eine Entscheidung</translation>
    </message>
    <message numerus="yes">
        <source>%n models need a decision</source>
        <translation>
            <numerusform>%n Modell braucht eine Entscheidung</numerusform><numerusform>%n Modelle brauchen eine Entscheidung</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n things need a decision</source>
        <translation>
            <numerusform>%n Sache braucht eine Entscheidung</numerusform><numerusform>%n Dinge brauchen eine Entscheidung</numerusform></translation>
    </message>
    <message>
        <source>Connecting to %1…</source>
        <translation>Verbinde mit %1 …</translation>
    </message>
    <message>
        <source>An engine runs on this computer already.</source>
        <translation>Auf diesem Rechner läuft schon eine Engine.</translation>
    </message>
    <message>
        <source>It listens on %1, with the models of this console's data folder.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Connect to it</source>
        <translation>Damit verbinden</translation>
    </message>
    <message>
        <source>Another engine…</source>
        <translation>Eine andere Engine …</translation>
    </message>
    <message>
        <source>It is asked again all the time; until it answers, the pages show what was known last.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Start it again</source>
        <translation>Neu starten</translation>
    </message>
    <message>
        <source>%1 does not let this console in</source>
        <translation>%1 lässt diese Konsole nicht ein</translation>
    </message>
    <message>
        <source>Enter a key…</source>
        <translation>Schlüssel eingeben …</translation>
    </message>
    <message>
        <source>Connected; asking how it is…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The audit does not hold together.</source>
        <translation>Das Protokoll der Eingriffe ist nicht lückenlos.</translation>
    </message>
    <message>
        <source>Open the audit</source>
        <translation>Protokoll öffnen</translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message>
        <source>The key is known until the console ends: the system keeps none (%1).</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>StillRunning</name>
    <message>
        <source>What runs in it is not known at the moment.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No model is loaded and nothing waits.</source>
        <translation>Kein Modell ist geladen, und nichts wartet.</translation>
    </message>
    <message numerus="yes">
        <source>%n model(s) in memory</source>
        <translation>
            <numerusform>%n Modell im Speicher</numerusform><numerusform>%n Modelle im Speicher</numerusform></translation>
    </message>
    <message>
        <source>, none of them computes</source>
        <translation>, keines rechnet</translation>
    </message>
    <message numerus="yes">
        <source>, %n request(s) being computed</source>
        <translation>
            <numerusform>, %n Anfrage wird gerechnet</numerusform><numerusform>, %n Anfragen werden gerechnet</numerusform></translation>
    </message>
    <message>
        <source>, nothing waits.</source>
        <translation>, nichts wartet.</translation>
    </message>
    <message numerus="yes">
        <source>, %n request(s) waiting.</source>
        <translation>
            <numerusform>, %n Anfrage wartet.</numerusform><numerusform>, %n Anfragen warten.</numerusform></translation>
    </message>
</context>
<context>
    <name>engines</name>
    <message>
        <source>'%1' is no address of an engine; host:port is wanted, such as 10.0.0.7:50051.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>mm::gui::Appearance</name>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
</context>
<context>
    <name>mm::gui::DecisionStrip</name>
    <message>
        <source>What needs a decision</source>
        <translation>Was entschieden werden muss</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>und %n weitere</numerusform><numerusform>und %n weitere</numerusform></translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
</context>
<context>
    <name>mm::gui::EngineDialog</name>
    <message>
        <source>its address</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>none, or as it was</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>not spoken; "system" or a file of certificates</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Connect to an engine</source>
        <translation>Mit einer Engine verbinden</translation>
    </message>
    <message>
        <source>&amp;Address</source>
        <translation>&amp;Adresse</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Key</source>
        <translation>&amp;Schlüssel</translation>
    </message>
    <message>
        <source>&amp;TLS, believing</source>
        <translation>&amp;TLS, vertraut</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>A key for %1</source>
        <translation>Ein Schlüssel für %1</translation>
    </message>
    <message>
        <source>A key is one word of visible ASCII characters.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>mm::gui::EngineMenu</name>
    <message>
        <source>This computer · embedded</source>
        <translation>Dieser Rechner · eingebaut</translation>
    </message>
    <message>
        <source>This computer · %1</source>
        <translation>Dieser Rechner · %1</translation>
    </message>
    <message>
        <source>Another engine…</source>
        <translation>Eine andere Engine …</translation>
    </message>
    <message>
        <source>Enter a key…</source>
        <translation>Schlüssel eingeben …</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
</context>
<context>
    <name>mm::gui::EngineSwitch</name>
    <message>
        <source>The engine has stopped.</source>
        <translation>Die Engine ist beendet.</translation>
    </message>
    <message>
        <source>The engine is starting…</source>
        <translation>Die Engine startet …</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Dieser Rechner</translation>
    </message>
    <message>
        <source>An engine runs on this computer already.</source>
        <translation>Auf diesem Rechner läuft schon eine Engine.</translation>
    </message>
    <message>
        <source>This computer · embedded</source>
        <translation>Dieser Rechner · eingebaut</translation>
    </message>
    <message>
        <source>Choose an engine</source>
        <translation>Engine wählen</translation>
    </message>
    <message>
        <source>The engine is stopping: running requests end, models are unloaded…</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>mm::gui::Header</name>
    <message>
        <source>Ctrl K</source>
        <translation>Strg K</translation>
    </message>
    <message>
        <source>Search or run a command</source>
        <translation>Suchen oder Befehl ausführen</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Engine: %1</source>
        <translation>Engine: %1</translation>
    </message>
</context>
<context>
    <name>mm::gui::KeyRows</name>
    <message>
        <source>every model</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Key</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Role</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>May use</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Begins with</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Created</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Expires</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>mm::gui::LeaveDialog</name>
    <message>
        <source>Do the same until the console ends</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Close the console</source>
        <translation>Konsole schließen</translation>
    </message>
    <message>
        <source>The engine runs within this console. Shall it go on serving?</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Keep serving in the tray</source>
        <translation>Im Infobereich weiter dienen</translation>
    </message>
    <message>
        <source>Keep serving, minimised</source>
        <translation>Minimiert weiter dienen</translation>
    </message>
    <message>
        <source>Stop the engine</source>
        <translation>Engine beenden</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>mm::gui::MainWindow</name>
    <message>
        <source>Ask the engine again</source>
        <translation>Neu abfragen</translation>
    </message>
    <message>
        <source>appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Close the console</source>
        <translation>Konsole schließen</translation>
    </message>
    <message>
        <source>model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Register a model…</source>
        <translation>Modell registrieren …</translation>
    </message>
    <message>
        <source>models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Connect to another engine…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>engine</source>
        <translation>Engine</translation>
    </message>
    <message>
        <source>Back to this computer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Connect to %1</source>
        <translation>Mit %1 verbinden</translation>
    </message>
</context>
<context>
    <name>mm::gui::NewKeyDialog</name>
    <message>
        <source>A new key</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>who will use it, such as search-api</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>viewer: sees</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>user: and lets models compute</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>operator: and loads, unloads, moves what waits</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>admin: and changes models and keys</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>every model; or org/*, org/model</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>never</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source> days</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Role</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>&amp;May use</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>&amp;Expires after</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Create</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>mm::gui::OverviewPage</name>
    <message>
        <source>%1 of %2 used</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>mm::gui::Palette</name>
    <message>
        <source>Search or run a command</source>
        <translation>Suchen oder Befehl ausführen</translation>
    </message>
    <message>
        <source>A page, a model, or what shall be done</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Gefunden</translation>
    </message>
</context>
<context>
    <name>mm::gui::SecretDialog</name>
    <message>
        <source>The key %1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This is shown once: only a hash of it is kept. Copy it to where it will be used.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Secret</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>mm::gui::SettingRows</name>
    <message>
        <source>default</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>configuration file</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>environment: MODELMORA_%1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>flag: --%1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Setting</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Comes from</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>mm::gui::SettingsPage</name>
    <message>
        <source>Filter settings</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Level of the log</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Settings are read when the engine starts; the level of the log changes at once, until then.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>New key…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Rotate…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Revoke…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>There is none. With --access on, everybody needs one.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The log is at %1 now.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Give %1 another secret? The one in use ends at once.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Rotate</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Revoke %1? Whoever uses it is refused from now on.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Revoke</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>mm::gui::Tray</name>
    <message>
        <source>Open ModelMora</source>
        <translation>ModelMora öffnen</translation>
    </message>
    <message>
        <source>Stop and quit</source>
        <translation>Beenden</translation>
    </message>
</context>
<context>
    <name>mm::gui::Welcome</name>
    <message>
        <source>Serve %1</source>
        <translation>%1 bereitstellen</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Ordner wählen …</translation>
    </message>
    <message>
        <source>This engine has no model yet</source>
        <translation>Diese Engine hat noch kein Modell</translation>
    </message>
    <message>
        <source>Begin with the model that comes with ModelMora: %1 makes vectors of sentences, takes about 0.2 GB of memory and loads within a second. Or take a folder of a model from Hugging Face; nothing in it is changed.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>How far the load is</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Registering: its files are looked at…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Loading: %1</source>
        <translation>Lädt: %1</translation>
    </message>
    <message>
        <source>A folder with a model</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>pages</name>
    <message>
        <source>Overview</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished" />
    </message>
</context>
</TS>
