<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>breakwater::desktop::ApiClient</name>
    <message numerus="yes">
        <source>Try again in %n second(s).</source>
        <translation>
            <numerusform>Try again in %n second.</numerusform>
            <numerusform>Try again in %n seconds.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::DeviceList</name>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n device</numerusform>
            <numerusform>%n devices</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n device(s)</source>
        <translation>
            <numerusform>%1 of %n device</numerusform>
            <numerusform>%1 of %n devices</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::ExportDialog</name>
    <message numerus="yes">
        <source>Exported %n row(s).</source>
        <translation>
            <numerusform>Exported %n row.</numerusform>
            <numerusform>Exported %n rows.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::FieldPicker</name>
    <message numerus="yes">
        <source>All %n field(s)…</source>
        <translation>
            <numerusform>All %n field…</numerusform>
            <numerusform>All %n fields…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The chart shows up to %n field(s).</source>
        <translation>
            <numerusform>The chart shows up to %n field.</numerusform>
            <numerusform>The chart shows up to %n fields.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::SignInForm</name>
    <message numerus="yes">
        <source>The password must have at least %n character(s).</source>
        <translation>
            <numerusform>The password must have at least %n character.</numerusform>
            <numerusform>The password must have at least %n characters.</numerusform>
        </translation>
    </message>
</context>
</TS>
