<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Health</name>
    <message numerus="yes">
        <source>%n model(s) loaded</source>
        <translation>
            <numerusform>%n model loaded</numerusform><numerusform>%n models loaded</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n loading</source>
        <translation>
            <numerusform>%n loading</numerusform><numerusform>%n loading</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) waiting</source>
        <translation>
            <numerusform>%n request waiting</numerusform><numerusform>%n requests waiting</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n models need a decision</source>
        <translation>
            <numerusform>%n models need a decision</numerusform><numerusform>%n models need a decision</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n things need a decision</source>
        <translation>
            <numerusform>%n things need a decision</numerusform><numerusform>%n things need a decision</numerusform></translation>
    </message>
</context>
<context>
    <name>SettingText</name>
    <message numerus="yes">
        <source>%n change(s) wait for a restart of the engine.</source>
        <translation>
            <numerusform>%n change waits for a restart of the engine.</numerusform><numerusform>%n changes wait for a restart of the engine.</numerusform></translation>
    </message>
</context>
<context>
    <name>StillRunning</name>
    <message numerus="yes">
        <source>%n model(s) in memory</source>
        <translation>
            <numerusform>%n model in memory</numerusform><numerusform>%n models in memory</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>, %n request(s) being computed</source>
        <translation>
            <numerusform>, %n request being computed</numerusform><numerusform>, %n requests being computed</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>, %n request(s) waiting.</source>
        <translation>
            <numerusform>, %n request waiting.</numerusform><numerusform>, %n requests waiting.</numerusform></translation>
    </message>
</context>
<context>
    <name>TrayNotices</name>
    <message numerus="yes">
        <source>%n things need a decision</source>
        <translation>
            <numerusform>%n things need a decision</numerusform><numerusform>%n things need a decision</numerusform></translation>
    </message>
</context>
<context>
    <name>mm::gui::AnswerView</name>
    <message numerus="yes">
        <source>%n input(s) cut</source>
        <translation>
            <numerusform>%n input cut</numerusform><numerusform>%n inputs cut</numerusform></translation>
    </message>
</context>
<context>
    <name>mm::gui::DecisionStrip</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform><numerusform>and %n more</numerusform></translation>
    </message>
</context>
<context>
    <name>mm::gui::QueueModel</name>
    <message numerus="yes">
        <source>%1, %n request(s)</source>
        <translation>
            <numerusform>%1, %n request</numerusform><numerusform>%1, %n requests</numerusform></translation>
    </message>
</context>
<context>
    <name>mm::gui::QueuePage</name>
    <message numerus="yes">
        <source>%n requests are chosen.</source>
        <translation>
            <numerusform>%n requests are chosen.</numerusform><numerusform>%n requests are chosen.</numerusform></translation>
    </message>
</context>
<context>
    <name>mm::gui::ResultDialog</name>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n row</numerusform><numerusform>%n rows</numerusform></translation>
    </message>
</context>
<context>
    <name>mm::gui::ShareBars</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform><numerusform>and %n more</numerusform></translation>
    </message>
</context>
</TS>
