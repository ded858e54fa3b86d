<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="pl" sourcelanguage="en">
<context>
    <name>ApiError</name>
    <message>
        <source>The server&apos;s answer can&apos;t be read (%1). Is it a Breakwater server?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SecretPanel</name>
    <message>
        <source>Close without the secret?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It wasn&apos;t copied. Once this window is closed nobody can show it again; the device would need a new one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close anyway</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::AlertModel</name>
    <message>
        <source>Critical</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Information</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Acknowledged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Acknowledged by %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Severity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Since</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Times</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::AlertsPage</name>
    <message>
        <source>Alerts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is wrong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resolve</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the device</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::ApiClient</name>
    <message>
        <source>The server&apos;s answer is too large.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server has a problem (status %1). Try again later.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server refused this (status %1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Try again in %n second(s).</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing answers at %1. Is the server running?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no host of the name %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server at %1 takes too long to answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection to %1 isn&apos;t secure: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection to %1 broke off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server at %1 can&apos;t be reached: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::ChartWidget</name>
    <message>
        <source>Chart</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::Client</name>
    <message>
        <source>This computer has no keyring that opens, so you stay signed in until you close the program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The language changes for good with the next start.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::ConfirmDialog</name>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type “%1” to go on:</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::CreateDialog</name>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step 1 of 2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Category</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What one of its readings looks like</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speaks every %1 to %2 seconds.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step 2 of 2: “%1” is made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::DeviceActions</name>
    <message>
        <source>Rename…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rotate secret…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Invalidate tokens…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deactivate…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reactivate…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename the device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its new name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” is called “%2” now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rotate the secret of “%1”?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It gets a new secret, which is shown once. The old secret and every token made from it stop working at once; the device can&apos;t send until it has the new one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rotate secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The new secret of “%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” has a new secret. The old one and all its tokens have ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Invalidate the tokens of “%1”?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every token it has stops working at once. Its secret stays, so it can get new ones by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Invalidate tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The tokens of “%1” have ended. Its secret is the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deactivate “%1”?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its tokens stop working at once, and it gets no new ones until it is reactivated. Its readings stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deactivate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” is deactivated. Its tokens have ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reactivate “%1”?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It may sign in again with the secret it has. Tokens of before stay ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reactivate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” is active again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete “%1”?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device goes with all its readings, for good. Export first what you want to keep.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” and its readings are deleted.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::DeviceHeader</name>
    <message>
        <source>Category</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last heard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Readings in range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Id</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::DeviceList</name>
    <message>
        <source>Search by name or id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New device…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Category</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How they do</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All states</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All categories</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n device(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::DeviceModel</name>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Category</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Heard</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::DevicePage</name>
    <message>
        <source>Readings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Security events of the device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy as JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With simulated ones</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Security events</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No readings in this range.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a field above to have it drawn.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::DeviceTree</name>
    <message>
        <source>Devices</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::EventModel</name>
    <message>
        <source>%1 (drill)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Event</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What happened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Times</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::Export</name>
    <message>
        <source>The file can&apos;t be written: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::ExportDialog</name>
    <message>
        <source>Asking the server …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) are in the file.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was written: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export as CSV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::FieldPicker</name>
    <message>
        <source>Fields of the chart</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::LoginWindow</name>
    <message>
        <source>Breakwater: sign in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Breakwater</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your devices, safe and live</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::MainWindow</name>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetch everything anew</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the readings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename the device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rotate its secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Invalidate its tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deactivate it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reactivate it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fleet, alerts, security log, users</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Breakwater</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fleet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Security log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Users</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No device is chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose one on the left, or make a new one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your session has ended. What you see stays as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in again…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” is made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Offline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connecting …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Live</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connection lost, trying again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking every few seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alerts (%1)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::NoticeBar</name>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::RangeBar</name>
    <message>
        <source>15 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>6 h</source>
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
        <source>30 d</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A time in ISO 8601, such as 2026-01-31T12:00:00Z or 2026-01-31T13:00+01:00; without an offset it is UTC. Empty: no bound.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from (ISO 8601)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to (ISO 8601)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apply</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::ReadingModel</name>
    <message>
        <source>Received</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::SecretDialog</name>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::SecretPanel</name>
    <message>
        <source>The secret is shown this once. The server keeps only a hash of it: what isn&apos;t copied now can&apos;t be had again, only replaced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the device does with it: get a token (good for minutes), upload a reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy these lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clipboard was cleared.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied. The clipboard is cleared in a minute.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::SecurityPage</name>
    <message>
        <source>Security log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All events</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Event</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every outcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everybody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Users</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::Session</name>
    <message>
        <source>Your session has ended. Please sign in again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Please sign in.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::SignInAgainDialog</name>
    <message>
        <source>Sign in again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your session has ended. What you see stays; sign in to go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign out instead</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::SignInForm</name>
    <message>
        <source>Password, once more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stay signed in on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E-mail address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeps a token in the keyring of this computer, where there is one; never the password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make an account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I have an account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No account yet? Register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One moment …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server&apos;s address isn&apos;t one. It looks like http://127.0.0.1:8000.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E-mail address and password are needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>A password has at least %n character(s).</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The passwords differ.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::UserDialog</name>
    <message>
        <source>Make the account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New user</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E-mail address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Password (8 to 128 characters)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New password; empty: the old one stays</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Role</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>User</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Administrator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An e-mail address and a password are needed.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::UserModel</name>
    <message>
        <source>Administrator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>User</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E-mail address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Role</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::UsersPage</name>
    <message>
        <source>Accounts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Users</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New user…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The account %1 is made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has a new password. All its sessions have ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The account %1 is changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete %1?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The account goes with all its devices and their readings, for good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is deleted, with all its devices.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>format</name>
    <message>
        <source>never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 s ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 min ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 h ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 d ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speaking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Late</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Silent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not heard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blocked</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
