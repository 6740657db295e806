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
            <numerusform>%n Modell geladen</numerusform>
            <numerusform>%n Modelle geladen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n loading</source>
        <translation>
            <numerusform>%n lädt</numerusform>
            <numerusform>%n laden</numerusform>
        </translation>
    </message>
    <message>
        <source>nothing waits</source>
        <translation>nichts wartet</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) waiting</source>
        <translation>
            <numerusform>%n Anfrage wartet</numerusform>
            <numerusform>%n Anfragen warten</numerusform>
        </translation>
    </message>
    <message>
        <source>one model needs a decision</source>
        <translation>ein Modell braucht eine Entscheidung</translation>
    </message>
    <message numerus="yes">
        <source>%n models need a decision</source>
        <translation>
            <numerusform>%n Modell braucht eine Entscheidung</numerusform>
            <numerusform>%n Modelle brauchen eine Entscheidung</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n things need a decision</source>
        <translation>
            <numerusform>%n Sache braucht eine Entscheidung</numerusform>
            <numerusform>%n Dinge brauchen eine Entscheidung</numerusform>
        </translation>
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
        <source>It listens on %1, with the models of this console&apos;s data folder.</source>
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QTableView</name>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingText</name>
    <message>
        <source>Memory budgets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Policies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Limits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Faces and ports</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>TLS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Access</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Metrics and traces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Places</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>flag %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>environment %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>changed here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>until the engine ends</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>default</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, line %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at restart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waiting for restart: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else has set this to %1 meanwhile. Enter it again to replace that, or reset it to keep that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) wait for a restart of the engine.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StillRunning</name>
    <message>
        <source>What runs in it is not known at the moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model is loaded and nothing waits.</source>
        <translation>Kein Modell ist geladen, und nichts wartet.</translation>
    </message>
    <message numerus="yes">
        <source>%n model(s) in memory</source>
        <translation>
            <numerusform>%n Modell im Speicher</numerusform>
            <numerusform>%n Modelle im Speicher</numerusform>
        </translation>
    </message>
    <message>
        <source>, none of them computes</source>
        <translation>, keines rechnet</translation>
    </message>
    <message numerus="yes">
        <source>, %n request(s) being computed</source>
        <translation>
            <numerusform>, %n Anfrage wird gerechnet</numerusform>
            <numerusform>, %n Anfragen werden gerechnet</numerusform>
        </translation>
    </message>
    <message>
        <source>, nothing waits.</source>
        <translation>, nichts wartet.</translation>
    </message>
    <message numerus="yes">
        <source>, %n request(s) waiting.</source>
        <translation>
            <numerusform>, %n Anfrage wartet.</numerusform>
            <numerusform>, %n Anfragen warten.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrayNotices</name>
    <message numerus="yes">
        <source>%n things need a decision</source>
        <translation type="unfinished">
            <numerusform>%n Sache braucht eine Entscheidung</numerusform>
            <numerusform>%n Dinge brauchen eine Entscheidung</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>engines</name>
    <message>
        <source>&apos;%1&apos; is no address of an engine; host:port is wanted, such as 10.0.0.7:50051.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>figures</name>
    <message>
        <source>%1 B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 kB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 TB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 B</source>
        <comment>billions of parameters</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 M</source>
        <comment>millions of parameters</comment>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui</name>
    <message>
        <source>%1 %2 of %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no: its worker is gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>never: pinned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>goes now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, reloads in %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>busy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unhealthy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 reserved for it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, coming back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 measured, %2 predicted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, instance %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weights · activations · run time: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loaded %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>last used %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>would go as number %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>would go: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>run time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>other programs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other programs: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 GB used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>budget %1 GB, %2 GB of it beside other programs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>budget %1 GB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>predicted and measured differ by %1 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>critical</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>high</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>low</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>normal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, all %2 · %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::ActivityPage</name>
    <message>
        <source>Events</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Engine log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workers&apos; output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Audit</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::AnswerView</name>
    <message>
        <source>%1 tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>batch of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n input(s) cut</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a model, write something, and run it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Similarity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nearest pairs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine works on it…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · the first %2 are shown</source>
        <translation type="unfinished"></translation>
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
    <name>mm::gui::AuditTab</name>
    <message>
        <source>The audit is broken at record %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The audit is whole. Records: %1; the hash of the newest begins with %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Audit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Older ones</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that nothing was changed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::ConsoleSettings</name>
    <message>
        <source>Dark</source>
        <translation type="unfinished">Dunkel</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation type="unfinished">Hoher Kontrast</translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished">Hell</translation>
    </message>
    <message>
        <source>As the system (%1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation type="unfinished">Aussehen</translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished">Wie das System</translation>
    </message>
    <message>
        <source>The language changes when the console is started again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This console</source>
        <translation type="unfinished"></translation>
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
            <numerusform>und %n weitere</numerusform>
            <numerusform>und %n weitere</numerusform>
        </translation>
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
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none, or as it was</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not spoken; &quot;system&quot; or a file of certificates</source>
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
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
    <name>mm::gui::EngineSettings</name>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drops the change of the chosen setting (Del)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restart the engine…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is changed here is kept, and stands above the configuration file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restart the engine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restart the engine? Requests that run end first, and every model is unloaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restart</source>
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::EventTab</name>
    <message>
        <source>Events</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps of loads and single requests too</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::HappenedList</name>
    <message>
        <source>Just happened</source>
        <translation type="unfinished"></translation>
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
    <message>
        <source>Search</source>
        <translation type="unfinished">Suche</translation>
    </message>
</context>
<context>
    <name>mm::gui::HeatMap</name>
    <message>
        <source>Similarity of each text to each</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1
%2
similarity %3</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::HistogramView</name>
    <message>
        <source>How many requests took how long</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 and slower</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::HistoryPanel</name>
    <message>
        <source>/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>requests/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Requests and latency</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>p50</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>p95</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>p99</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>RAM</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Processor and memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>low</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>normal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>high</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>critical</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting by priority</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inputs and tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>inputs/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory of models and engine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>models</source>
        <translation type="unfinished">Modelle</translation>
    </message>
    <message>
        <source>engine</source>
        <translation type="unfinished">Engine</translation>
    </message>
    <message>
        <source>The last %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the whole range again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the charts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as picture (PNG)…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as table (CSV)…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the whole range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause or go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 could not be written: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>power</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>W</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GPU temperature and power</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>temperature</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>°C</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::JobsPanel</name>
    <message>
        <source>Job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Client</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 /s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Results…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished">Abbrechen</translation>
    </message>
    <message>
        <source>%1 · %2 older</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget, with its result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget</source>
        <translation type="unfinished">Vergessen</translation>
    </message>
    <message>
        <source>Removes the job and its result (Del)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stops the job (Del)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sends its inputs once more, as a new job (Ctrl+R)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For a job that failed or was cancelled, while its inputs are kept (Ctrl+R)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::KeyRows</name>
    <message>
        <source>every model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Role</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Begins with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Created</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expires</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::LeaveDialog</name>
    <message>
        <source>Do the same until the console ends</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the console</source>
        <translation>Konsole schließen</translation>
    </message>
    <message>
        <source>The engine runs within this console. Shall it go on serving?</source>
        <translation type="unfinished"></translation>
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
    <name>mm::gui::LiveOutput</name>
    <message>
        <source>process %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Follow what its workers print</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine&apos;s log is at the level debug while this is on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the workers print now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine&apos;s log is at the level debug until this is off.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::LoadPanel</name>
    <message>
        <source> s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;At a time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;For</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>throughput</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>p50</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>p95</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>p99</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 /s</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::LoadedTable</name>
    <message>
        <source>1st</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>2nd</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>3rd</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1th</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 %2 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reserved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 request waits for it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 requests wait for it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>number %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predicted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights · activations · run time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Would go next</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If a request needed the room now: by the engine&apos;s policy “%1”.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::LogTab</name>
    <message>
        <source>Engine log</source>
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>engine</source>
        <translation>Engine</translation>
    </message>
    <message>
        <source>Back to this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect to %1</source>
        <translation>Mit %1 verbinden</translation>
    </message>
    <message>
        <source>Appearance and language of the console</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>settings</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::MemoryBar</name>
    <message>
        <source>budget</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::MemoryCard</name>
    <message>
        <source>No model is loaded. One is loaded by its first request, or on the Models page.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loaded models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory of %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::NewKeyDialog</name>
    <message>
        <source>A new key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>who will use it, such as search-api</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>viewer: sees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>user: and lets models compute</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>operator: and loads, unloads, moves what waits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>admin: and changes models and keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>every model; or org/*, org/model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Role</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;May use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Expires after</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::Remark</name>
    <message>
        <source>Click to close</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::OverviewPage</name>
    <message>
        <source>Just happened</source>
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
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
    <name>mm::gui::PlaygroundPage</name>
    <message>
        <source>refused: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · %2 · %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Playground</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model is loaded when it is asked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask the model (%1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was asked before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run as a job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine accepts it at once and keeps the result; the queue&apos;s page shows it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asked before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Request as the API takes it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Response as the API gives it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Request</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Response</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>curl</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Python</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>gRPC (grpcurl)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model is registered yet; the page Models does that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This was cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished">Abbrechen</translation>
    </message>
    <message>
        <source>The engine has not said yet where it listens.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>embeddings of texts (%1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>labels of texts (%1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>scores of documents for a query (%1)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::PointMap</name>
    <message>
        <source>Map of the texts: what is near means the same</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::QueueModel</name>
    <message numerus="yes">
        <source>%1, %n request(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Actions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Client</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waited</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starts in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waits because</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::QueuePage</name>
    <message>
        <source>%1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raise to the lane above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lower to the lane below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lower</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold: keeps its place, does not start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Release: may start again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Release</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished">Abbrechen</translation>
    </message>
    <message>
        <source>Hold all low</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Queue and jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fair shares</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>compute, last minute</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the time went</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 more wait behind these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Release all low</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n requests are chosen.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Choose a request to see all of it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::QueueView</name>
    <message>
        <source>Requests that run and wait, by priority</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::RecentPanel</name>
    <message>
        <source>Ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Client</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the time went</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Took</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which requests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All that have ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>over </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> ms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slower than</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Requests that have ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The newest %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::RecordTable</name>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::RecordsView</name>
    <message>
        <source>Search (Ctrl+F)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search in %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Topic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All topics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save what is shown (Ctrl+S)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, %1 more since the pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save what is shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 could not be written: %2.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::RequestCard</name>
    <message>
        <source>client</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>model</source>
        <translation type="unfinished">Modell</translation>
    </message>
    <message>
        <source>state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waits because</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>deadline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>took</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a request to see all of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Request %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Request</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::RequestForm</name>
    <message>
        <source>&amp;Query</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Parameters, as JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A cat sat on the mat.
A kitten rested on the rug.
The market closed higher today.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Request, as JSON of the API</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Documents, one a line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Texts, one a line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no text to ask about.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no query.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::ResultDialog</name>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Result of job %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The result is being fetched…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First rows of the result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export…</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The first %1 rows; the file has all of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Written to %1.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::SecretDialog</name>
    <message>
        <source>The key %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is shown once: only a hash of it is kept. Copy it to where it will be used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::SettingDelegate</name>
    <message>
        <source>from %1 to %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::SettingTree</name>
    <message>
        <source>Setting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A change applies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comes from</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::SettingsPage</name>
    <message>
        <source>New key…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rotate…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is none. With --access on, everybody needs one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give %1 another secret? The one in use ends at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rotate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revoke %1? Whoever uses it is refused from now on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::ShareBars</name>
    <message>
        <source>Nobody has asked yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weight %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation type="unfinished">
            <numerusform>und %n weitere</numerusform>
            <numerusform>und %n weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>mm::gui::Table</name>
    <message>
        <source>Move “%1” to the left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move “%1” to the right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As at first</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::TimeChart</name>
    <message>
        <source>Nothing is known of this time yet.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::TimeLegend</name>
    <message>
        <source>total</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::TimeSplitBar</name>
    <message>
        <source>Where the time went</source>
        <translation type="unfinished"></translation>
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
    <name>mm::gui::WaitingCard</name>
    <message>
        <source>Waiting now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nobody waits.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::WaitingTable</name>
    <message>
        <source>critical</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>#</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Client</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waits</source>
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How far the load is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registering: its files are looked at…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading: %1</source>
        <translation>Lädt: %1</translation>
    </message>
    <message>
        <source>A folder with a model</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::WorkerTab</name>
    <message>
        <source>loading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unhealthy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not loaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>worker %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>process %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>crashed once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>crashed %1 times</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The last failure: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It wrote nothing before it ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its last lines:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None of its workers has failed since the engine started.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workers&apos; output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model is registered.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine keeps what a worker wrote before its last failure.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::models</name>
    <message>
        <source>Number type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>auto, cpu, cuda or cuda:N</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Instances</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 worker; at most 16</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threads of each</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the instances share the processors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loaded at start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stays unused for (s)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as the engine is set; -1 stays</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest input (tokens)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model&apos;s own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inputs in a step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no limit of its own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens in a step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>4096</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waits for a batch (ms)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0: not at all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory limit (MiB)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>threads: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loaded in %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%L1 requests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>current</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>deprecated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>deprecated: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&gt; %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loading %1 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>busy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unloading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unloaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> (version %1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waits for room</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>files failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · pinned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 registered · %2 loaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 /s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 measured, %2 predicted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 would be needed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as measured when it ran before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as its registration says</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weights %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>activations %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>run time %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> on %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free in the budget</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 budget, %2 spoken for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too little by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is loaded already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It fits into the budget as things stand.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 stays: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What helps: unpin or unload a model, choose a smaller dtype or fewer instances in its configuration, or raise the memory budget in the settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Would be evicted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready in about</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from what was measured before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has not been loaded here yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evict and load</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>starting a worker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>checking files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reading weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>preparing layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reading the tokenizer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>warming up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>config.json cannot be read as JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no config.json</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is cut off or no safetensors file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there are no weights in it (*.safetensors)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 are free on %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yes: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in bf16: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not now: %1; others would have to go</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is no folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no such folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not known; choose it below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, files: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about %1 in fp32, %2 in bf16</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Will it fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is loaded: its memory is freed, and the requests that run (%1) or wait (%2) fail.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is loaded: it is unloaded first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What goes: every version (%1), with configuration, tags and what was measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What stays: the files in %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetch or convert the model again, and load it again; only safetensors are read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No architecture here runs it: take a model of one of the families that the README names.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that the folder is still there and that the engine may read it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load it again to see what would have to go, unload something, or raise the budget.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set device to cpu or auto in its configuration, or install the driver and its libraries.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See its stage and the last lines below; raise load-timeout where the disk is slow.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the setting worker, the rights of that file, and the limits on processes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The next request starts it again. If it comes back, look at its output and the system&apos;s log.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install the engine and its worker from one build.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mend the values that are named, in its configuration.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Requests a second; the line: the last 15 minutes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 / %2 / %3 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 / %2 / %3 ms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models that this key does not cover stay as well: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>models that this key does not cover: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The load ends, and the requests that wait for it (%1) fail.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Requests that run (%1) are finished first; what still runs after the engine&apos;s drain-timeout fails.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Requests that wait (%1) are not lost: for them it is loaded again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Requests that run (%1) are ended at once, with an error.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Requests that wait (%1) are ended as well.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No request runs or waits just now; what comes meanwhile is ended at once, with an error.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its jobs that are not done fail; each can be retried.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 was not loaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is unloaded, requests that ended with it: %2, %3 are free again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is unloaded, %2 are free again</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::models::ConfigTab</name>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revert</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changes count from the next load.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved; it counts from the next load.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved: see the fields.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else has changed it meanwhile. What you entered is kept beside that; save again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else has changed %1 meanwhile, too. What you entered is kept: save it over theirs, or revert.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::models::DetailsPane</name>
    <message>
        <source>Overview</source>
        <translation type="unfinished">Übersicht</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Instances</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>version %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Output</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::models::FilesTab</name>
    <message>
        <source>Files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 in %2 · whole version %3</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::models::InstancesTab</name>
    <message>
        <source>Instances</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Instance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Process</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Crashes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has no worker now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 measured, %2 predicted, %3 at most; %4 with the pages of its files</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::models::LoadDialog</name>
    <message>
        <source>Load a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load %1?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking what it would take…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as configured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Instances</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Pin it: never evicted, never idle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How far the load is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished">Abbrechen</translation>
    </message>
    <message>
        <source>Load</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel the load</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>asking the engine…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is loaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is loaded after %2, %3 of memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The command is copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The load of %1 was cancelled</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::models::ModelActions</name>
    <message>
        <source>Load…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unload</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A pinned model is never evicted and never idle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warm up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is unloading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is pinned: it stays loaded once it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is no longer pinned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is warming up…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is warm after %2: %3 runs, the first in %4, the last in %5</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is deleted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No new requests; what runs is finished, then its memory is free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kill…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unloads at once: what runs and what waits is ended with an error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unload a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unload %1 while it is in use?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kill a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kill %1?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kill</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::models::ModelTable</name>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unloads in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Crashes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predicted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>p50 / p95 / p99</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last used</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::models::ModelsPage</name>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter by name, task, tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Register a model…</source>
        <translation type="unfinished">Modell registrieren …</translation>
    </message>
    <message>
        <source>No model is called or does that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model is registered yet</source>
        <translation type="unfinished">Noch ist kein Modell registriert</translation>
    </message>
    <message>
        <source>Register a folder with a model in it, or an entry of the Hugging Face cache. Nothing is copied; a folder can be dropped here too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is registered; load it with Enter</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::models::OutputTab</name>
    <message>
        <source>Follow all of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sets the level of the engine&apos;s log to debug, until the engine ends</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What its workers write</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What its workers write comes here while you watch.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine&apos;s log is at the level %1, at which it keeps what a worker wrote only when that failed.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::models::OverviewTab</name>
    <message>
        <source>What is known of the failure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where a request&apos;s time went: none has ended lately</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where a request&apos;s time went, median of the last %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last failure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No failure since the engine&apos;s start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Latency and requests of the last hour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>p50</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>p95</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>p99</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>requests/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The last hour</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::models::PlanBarView</name>
    <message>
        <source>Memory of the device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 held by models, %2 by other programs, %3 needed; models may reach %4 of %5</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loaded now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>would go</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>other programs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>budget</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::models::RegisterDialog</name>
    <message>
        <source>Register a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder that holds config.json</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine runs at %1 and reads the folder of that name there; what is found here may be another.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models in the Hugging Face cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the Hugging Face cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder: it is looked at before anything is registered.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its files are links out of the folder, as in the Hugging Face cache. When it is registered they get a folder of their own; that takes no room on the same disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>org/repo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>choose what it does</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>main</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ta&amp;gs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>separated by commas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished">Abbrechen</translation>
    </message>
    <message>
        <source>Register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking into the folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking the files…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::models::RemoveDialog</name>
    <message>
        <source>Delete a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete %1?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>mm::gui::models::VersionsTab</name>
    <message>
        <source>Versions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Standing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Promote</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make it the version that the model&apos;s name alone means</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deprecate…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete version…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 means version %2 now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deprecate a version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why should nobody use version %1 any more?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version %1 is deprecated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete a version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete version %1 of %2?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its registration and what was measured of it go; the files in %1 stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version %1 is deleted</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>overview</name>
    <message>
        <source>1 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>15 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>24 h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>7 d</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>load</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unload</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>refusal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>crash</source>
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Queue and jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Playground</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Activity</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>playground</name>
    <message>
        <source>The request is not as the API writes it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The parameters are no JSON object</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer was too large to be kept over the end of the console. Run it again to see it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>time</name>
    <message>
        <source>queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>load</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>batch wait</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tokenise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>compute</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>send</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
