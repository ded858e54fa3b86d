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
        <source>%n row(s) are in the file.</source>
        <translation>
            <numerusform>%n row is in the file.</numerusform>
            <numerusform>%n rows are in the file.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::FieldPicker</name>
    <message numerus="yes">
        <source>All %n fields…</source>
        <translation>
            <numerusform>All %n field…</numerusform>
            <numerusform>All %n fields…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n at most are drawn.</source>
        <translation>
            <numerusform>%n at most is drawn.</numerusform>
            <numerusform>%n at most are drawn.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::SignInForm</name>
    <message numerus="yes">
        <source>A password has at least %n character(s).</source>
        <translation>
            <numerusform>A password has at least %n character.</numerusform>
            <numerusform>A password has at least %n characters.</numerusform>
        </translation>
    </message>
</context>
</TS>
