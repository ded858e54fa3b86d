<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="pl" sourcelanguage="en">
<context>
    <name>ApiError</name>
    <message>
        <source>The server&apos;s answer can&apos;t be read (%1). Is it a Breakwater server?</source>
        <translation>Nie można odczytać odpowiedzi serwera (%1). Czy to serwer Breakwater?</translation>
    </message>
</context>
<context>
    <name>SecretPanel</name>
    <message>
        <source>Close without the secret?</source>
        <translation>Zamknąć bez sekretu?</translation>
    </message>
    <message>
        <source>It wasn&apos;t copied. Once this window is closed nobody can show it again; the device would need a new one.</source>
        <translation>Nie został skopiowany. Po zamknięciu tego okna nikt go już nie pokaże; urządzenie potrzebowałoby nowego.</translation>
    </message>
    <message>
        <source>Close anyway</source>
        <translation>Zamknij mimo to</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::AlertModel</name>
    <message>
        <source>Critical</source>
        <translation>Krytyczny</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Ostrzeżenie</translation>
    </message>
    <message>
        <source>Information</source>
        <translation>Informacja</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Otwarty</translation>
    </message>
    <message>
        <source>Acknowledged</source>
        <translation>Potwierdzony</translation>
    </message>
    <message>
        <source>Told late; it is over</source>
        <translation>Zgłoszony z opóźnieniem; już po wszystkim</translation>
    </message>
    <message>
        <source>Acknowledged by %1</source>
        <translation>Potwierdzony przez %1</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>Waga</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Co jest nie tak</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Urządzenie</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stan</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Od</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>Razy</translation>
    </message>
    <message>
        <source>%1 (deleted)</source>
        <translation>%1 (usunięte)</translation>
    </message>
    <message>
        <source>%1 (simulated)</source>
        <translation>%1 (symulowane)</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::AlertsPage</name>
    <message>
        <source>Alerts</source>
        <translation>Alerty</translation>
    </message>
    <message>
        <source>Nothing is wrong.</source>
        <translation>Wszystko w porządku.</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Potwierdź</translation>
    </message>
    <message>
        <source>Resolve</source>
        <translation>Zamknij alert</translation>
    </message>
    <message>
        <source>Show the device</source>
        <translation>Pokaż urządzenie</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::ApiClient</name>
    <message>
        <source>The server&apos;s answer is too large.</source>
        <translation>Odpowiedź serwera jest za duża.</translation>
    </message>
    <message>
        <source>The server has a problem (status %1). Try again later.</source>
        <translation>Serwer ma problem (status %1). Spróbuj później.</translation>
    </message>
    <message>
        <source>The server refused this (status %1).</source>
        <translation>Serwer odmówił (status %1).</translation>
    </message>
    <message numerus="yes">
        <source>Try again in %n second(s).</source>
        <translation>
            <numerusform>Spróbuj za %n sekundę.</numerusform>
            <numerusform>Spróbuj za %n sekundy.</numerusform>
            <numerusform>Spróbuj za %n sekund.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing answers at %1. Is the server running?</source>
        <translation>Pod adresem %1 nic nie odpowiada. Czy serwer działa?</translation>
    </message>
    <message>
        <source>There is no host of the name %1.</source>
        <translation>Nie ma hosta o nazwie %1.</translation>
    </message>
    <message>
        <source>The server at %1 takes too long to answer.</source>
        <translation>Serwer %1 zbyt długo nie odpowiada.</translation>
    </message>
    <message>
        <source>The connection to %1 isn&apos;t secure: %2</source>
        <translation>Połączenie z %1 nie jest bezpieczne: %2</translation>
    </message>
    <message>
        <source>The connection to %1 broke off.</source>
        <translation>Połączenie z %1 zostało zerwane.</translation>
    </message>
    <message>
        <source>The server at %1 can&apos;t be reached: %2</source>
        <translation>Serwer %1 jest nieosiągalny: %2</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::ChartWidget</name>
    <message>
        <source>Chart</source>
        <translation>Wykres</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::Client</name>
    <message>
        <source>This computer has no keyring that opens, so you stay signed in until you close the program.</source>
        <translation>Na tym komputerze nie ma dostępnego pęku kluczy, więc sesja potrwa do zamknięcia programu.</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::ConfirmDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Anuluj</translation>
    </message>
    <message>
        <source>Type “%1” to go on:</source>
        <translation>Aby kontynuować, wpisz „%1”:</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::CreateDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Anuluj</translation>
    </message>
    <message>
        <source>Make the device</source>
        <translation>Utwórz urządzenie</translation>
    </message>
    <message>
        <source>New device</source>
        <translation>Nowe urządzenie</translation>
    </message>
    <message>
        <source>Step 1 of 2</source>
        <translation>Krok 1 z 2</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Kategoria</translation>
    </message>
    <message>
        <source>What one of its readings looks like</source>
        <translation>Tak wygląda jego odczyt</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Nazwa</translation>
    </message>
    <message>
        <source>Speaks every %1 to %2 seconds.</source>
        <translation>Odzywa się co %1–%2 sekund.</translation>
    </message>
    <message>
        <source>Step 2 of 2: “%1” is made</source>
        <translation>Krok 2 z 2: „%1” utworzono</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Gotowe</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::DeviceActions</name>
    <message>
        <source>Rename…</source>
        <translation>Zmień nazwę…</translation>
    </message>
    <message>
        <source>Rotate secret…</source>
        <translation>Wymień sekret…</translation>
    </message>
    <message>
        <source>Invalidate tokens…</source>
        <translation>Unieważnij tokeny…</translation>
    </message>
    <message>
        <source>Deactivate…</source>
        <translation>Dezaktywuj…</translation>
    </message>
    <message>
        <source>Reactivate…</source>
        <translation>Aktywuj ponownie…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Usuń…</translation>
    </message>
    <message>
        <source>Rename the device</source>
        <translation>Zmień nazwę urządzenia</translation>
    </message>
    <message>
        <source>Its new name</source>
        <translation>Nowa nazwa</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Zmień nazwę</translation>
    </message>
    <message>
        <source>“%1” is called “%2” now.</source>
        <translation>„%1” nazywa się teraz „%2”.</translation>
    </message>
    <message>
        <source>Rotate the secret of “%1”?</source>
        <translation>Wymienić sekret urządzenia „%1”?</translation>
    </message>
    <message>
        <source>It gets a new secret, which is shown once. The old secret and every token made from it stop working at once; the device can&apos;t send until it has the new one.</source>
        <translation>Urządzenie dostanie nowy sekret, pokazany tylko raz. Stary sekret i wszystkie jego tokeny od razu przestaną działać; urządzenie nie może wysyłać, dopóki nie dostanie nowego.</translation>
    </message>
    <message>
        <source>Rotate secret</source>
        <translation>Wymień sekret</translation>
    </message>
    <message>
        <source>The new secret of “%1”</source>
        <translation>Nowy sekret urządzenia „%1”</translation>
    </message>
    <message>
        <source>“%1” has a new secret. The old one and all its tokens have ended.</source>
        <translation>„%1” ma nowy sekret. Stary i wszystkie jego tokeny wygasły.</translation>
    </message>
    <message>
        <source>Invalidate the tokens of “%1”?</source>
        <translation>Unieważnić tokeny urządzenia „%1”?</translation>
    </message>
    <message>
        <source>Every token it has stops working at once. Its secret stays, so it can get new ones by itself.</source>
        <translation>Wszystkie jego tokeny od razu przestaną działać. Sekret pozostaje, więc urządzenie samo pobierze nowe.</translation>
    </message>
    <message>
        <source>Invalidate tokens</source>
        <translation>Unieważnij tokeny</translation>
    </message>
    <message>
        <source>The tokens of “%1” have ended. Its secret is the same.</source>
        <translation>Tokeny urządzenia „%1” wygasły. Sekret pozostał ten sam.</translation>
    </message>
    <message>
        <source>Deactivate “%1”?</source>
        <translation>Dezaktywować „%1”?</translation>
    </message>
    <message>
        <source>Its tokens stop working at once, and it gets no new ones until it is reactivated. Its readings stay.</source>
        <translation>Jego tokeny od razu przestaną działać i nie dostanie nowych, dopóki nie zostanie ponownie aktywowane. Odczyty pozostają.</translation>
    </message>
    <message>
        <source>Deactivate</source>
        <translation>Dezaktywuj</translation>
    </message>
    <message>
        <source>“%1” is deactivated. Its tokens have ended.</source>
        <translation>„%1” jest nieaktywne. Jego tokeny wygasły.</translation>
    </message>
    <message>
        <source>Reactivate “%1”?</source>
        <translation>Aktywować ponownie „%1”?</translation>
    </message>
    <message>
        <source>It may sign in again with the secret it has. Tokens of before stay ended.</source>
        <translation>Urządzenie może znów się zalogować swoim sekretem. Dawne tokeny pozostają nieważne.</translation>
    </message>
    <message>
        <source>Reactivate</source>
        <translation>Aktywuj ponownie</translation>
    </message>
    <message>
        <source>“%1” is active again.</source>
        <translation>„%1” jest znów aktywne.</translation>
    </message>
    <message>
        <source>Delete “%1”?</source>
        <translation>Usunąć „%1”?</translation>
    </message>
    <message>
        <source>The device goes with all its readings, for good. Export first what you want to keep.</source>
        <translation>Urządzenie zostanie usunięte na zawsze, ze wszystkimi odczytami. Najpierw wyeksportuj to, co chcesz zachować.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Usuń</translation>
    </message>
    <message>
        <source>“%1” and its readings are deleted.</source>
        <translation>„%1” i jego odczyty usunięto.</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::DeviceHeader</name>
    <message>
        <source>Category</source>
        <translation>Kategoria</translation>
    </message>
    <message>
        <source>Last heard</source>
        <translation>Ostatnio</translation>
    </message>
    <message>
        <source>Readings in range</source>
        <translation>Odczyty w zakresie</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>Utworzono</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>Identyfikator</translation>
    </message>
    <message>
        <source>Simulated</source>
        <translation>Symulowane</translation>
    </message>
    <message>
        <source>The server makes its readings up, until the device signs in itself.</source>
        <translation>Serwer wymyśla jego odczyty, dopóki urządzenie samo się nie zaloguje.</translation>
    </message>
    <message>
        <source>Blocked by %1 on %2.</source>
        <translation>Zablokowane przez: %1, %2.</translation>
    </message>
    <message>
        <source>Reason: %1</source>
        <translation>Powód: %1</translation>
    </message>
    <message>
        <source>An administrator can release it.</source>
        <translation>Zwolnić może je administrator.</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::DeviceList</name>
    <message>
        <source>Search by name or id</source>
        <translation>Szukaj po nazwie lub identyfikatorze</translation>
    </message>
    <message>
        <source>New device…</source>
        <translation>Nowe urządzenie…</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Kategoria</translation>
    </message>
    <message>
        <source>How they do</source>
        <translation>Stan urządzeń</translation>
    </message>
    <message>
        <source>All states</source>
        <translation>Wszystkie stany</translation>
    </message>
    <message>
        <source>All categories</source>
        <translation>Wszystkie kategorie</translation>
    </message>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n urządzenie</numerusform>
            <numerusform>%n urządzenia</numerusform>
            <numerusform>%n urządzeń</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n device(s)</source>
        <translation>
            <numerusform>%1 z %n urządzenia</numerusform>
            <numerusform>%1 z %n urządzeń</numerusform>
            <numerusform>%1 z %n urządzeń</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::DeviceModel</name>
    <message>
        <source>Device</source>
        <translation>Urządzenie</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Kategoria</translation>
    </message>
    <message>
        <source>Heard</source>
        <translation>Ostatnio</translation>
    </message>
    <message>
        <source>%1 (simulated)</source>
        <translation>%1 (symulowane)</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::DevicePage</name>
    <message>
        <source>Readings</source>
        <translation>Odczyty</translation>
    </message>
    <message>
        <source>Security events of the device</source>
        <translation>Zdarzenia bezpieczeństwa urządzenia</translation>
    </message>
    <message>
        <source>Copy as JSON</source>
        <translation>Kopiuj jako JSON</translation>
    </message>
    <message>
        <source>With simulated ones</source>
        <translation>Z symulowanymi</translation>
    </message>
    <message>
        <source>Export CSV…</source>
        <translation>Eksport CSV…</translation>
    </message>
    <message>
        <source>Loading …</source>
        <translation>Wczytywanie…</translation>
    </message>
    <message>
        <source>Security events</source>
        <translation>Zdarzenia bezpieczeństwa</translation>
    </message>
    <message>
        <source>No readings in this range.</source>
        <translation>Brak odczytów w tym zakresie.</translation>
    </message>
    <message>
        <source>Choose a field above to have it drawn.</source>
        <translation>Wybierz powyżej pole, aby je narysować.</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::DeviceTree</name>
    <message>
        <source>Devices</source>
        <translation>Urządzenia</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::EventModel</name>
    <message>
        <source>device</source>
        <translation>urządzenie</translation>
    </message>
    <message>
        <source>user</source>
        <translation>użytkownik</translation>
    </message>
    <message>
        <source>session</source>
        <translation>sesja</translation>
    </message>
    <message>
        <source>alert</source>
        <translation>alert</translation>
    </message>
    <message>
        <source>rule</source>
        <translation>reguła</translation>
    </message>
    <message>
        <source>webhook</source>
        <translation>webhook</translation>
    </message>
    <message>
        <source>limits of</source>
        <translation>limity:</translation>
    </message>
    <message>
        <source>invitation</source>
        <translation>zaproszenie</translation>
    </message>
    <message>
        <source>the system</source>
        <translation>system</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>nieznany</translation>
    </message>
    <message>
        <source>%1 (drill)</source>
        <translation>%1 (ćwiczenie)</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Czas</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>Zdarzenie</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Kto</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Dotyczy</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 i jeszcze %2</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Co się stało</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Skąd</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>Razy</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::Export</name>
    <message>
        <source>The file can&apos;t be written: %1</source>
        <translation>Nie można zapisać pliku: %1</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::ExportDialog</name>
    <message>
        <source>Asking the server …</source>
        <translation>Pytanie serwera…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Anuluj</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Eksport</translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) are in the file.</source>
        <translation>
            <numerusform>W pliku jest %n wiersz.</numerusform>
            <numerusform>W pliku są %n wiersze.</numerusform>
            <numerusform>W pliku jest %n wierszy.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was written: %1</source>
        <translation>Niczego nie zapisano: %1</translation>
    </message>
    <message>
        <source>%1 of %2 rows</source>
        <translation>%1 z %2 wierszy</translation>
    </message>
    <message>
        <source>%1 rows</source>
        <translation>%1 wierszy</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Zamknij</translation>
    </message>
    <message>
        <source>Export as CSV</source>
        <translation>Eksport do CSV</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>Pliki CSV (*.csv)</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::FieldPicker</name>
    <message>
        <source>Fields of the chart</source>
        <translation>Pola wykresu</translation>
    </message>
    <message numerus="yes">
        <source>All %n fields…</source>
        <translation>
            <numerusform>Wszystkie %n pole…</numerusform>
            <numerusform>Wszystkie %n pola…</numerusform>
            <numerusform>Wszystkie %n pól…</numerusform>
        </translation>
    </message>
    <message>
        <source>Search the fields</source>
        <translation>Szukaj wśród pól</translation>
    </message>
    <message numerus="yes">
        <source>%n at most are drawn.</source>
        <translation>
            <numerusform>Rysowane jest najwyżej %n.</numerusform>
            <numerusform>Rysowane są najwyżej %n.</numerusform>
            <numerusform>Rysowanych jest najwyżej %n.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::LoginWindow</name>
    <message>
        <source>Breakwater: sign in</source>
        <translation>Breakwater: logowanie</translation>
    </message>
    <message>
        <source>Breakwater</source>
        <translation>Breakwater</translation>
    </message>
    <message>
        <source>Your devices, safe and live</source>
        <translation>Twoje urządzenia, bezpieczne i na żywo</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::MainWindow</name>
    <message>
        <source>Appearance</source>
        <translation>Wygląd</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Jak w systemie</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Jasny</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Ciemny</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Język</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Skróty klawiszowe</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Wyloguj się</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Zakończ</translation>
    </message>
    <message>
        <source>New device</source>
        <translation>Nowe urządzenie</translation>
    </message>
    <message>
        <source>Search the devices</source>
        <translation>Szukaj urządzeń</translation>
    </message>
    <message>
        <source>Fetch everything anew</source>
        <translation>Pobierz wszystko od nowa</translation>
    </message>
    <message>
        <source>Export the readings</source>
        <translation>Eksportuj odczyty</translation>
    </message>
    <message>
        <source>Rename the device</source>
        <translation>Zmień nazwę urządzenia</translation>
    </message>
    <message>
        <source>Rotate its secret</source>
        <translation>Wymień jego sekret</translation>
    </message>
    <message>
        <source>Invalidate its tokens</source>
        <translation>Unieważnij jego tokeny</translation>
    </message>
    <message>
        <source>Deactivate it</source>
        <translation>Dezaktywuj je</translation>
    </message>
    <message>
        <source>Reactivate it</source>
        <translation>Aktywuj je ponownie</translation>
    </message>
    <message>
        <source>Delete it</source>
        <translation>Usuń je</translation>
    </message>
    <message>
        <source>Fleet, alerts, security log, users</source>
        <translation>Flota, alerty, dziennik, użytkownicy</translation>
    </message>
    <message>
        <source>Breakwater</source>
        <translation>Breakwater</translation>
    </message>
    <message>
        <source>Fleet</source>
        <translation>Flota</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>Alerty</translation>
    </message>
    <message>
        <source>Security log</source>
        <translation>Dziennik bezpieczeństwa</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>Użytkownicy</translation>
    </message>
    <message>
        <source>No device is chosen</source>
        <translation>Nie wybrano urządzenia</translation>
    </message>
    <message>
        <source>Choose one on the left, or make a new one.</source>
        <translation>Wybierz urządzenie po lewej albo utwórz nowe.</translation>
    </message>
    <message>
        <source>Your session has ended. What you see stays as it is.</source>
        <translation>Sesja się skończyła. To, co widać, pozostaje.</translation>
    </message>
    <message>
        <source>Sign in again…</source>
        <translation>Zaloguj się ponownie…</translation>
    </message>
    <message>
        <source>“%1” is made.</source>
        <translation>„%1” utworzono.</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Rozłączono</translation>
    </message>
    <message>
        <source>Connecting …</source>
        <translation>Łączenie…</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Na żywo</translation>
    </message>
    <message>
        <source>Connection lost since %1, trying again</source>
        <translation>Brak połączenia od %1, ponawianie</translation>
    </message>
    <message>
        <source>Asking every few seconds</source>
        <translation>Pytanie co kilka sekund</translation>
    </message>
    <message>
        <source>Alerts (%1)</source>
        <translation>Alerty (%1)</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::NoticeBar</name>
    <message>
        <source>Close</source>
        <translation>Zamknij</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::RangeBar</name>
    <message>
        <source>15 min</source>
        <translation>15 min</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1 godz.</translation>
    </message>
    <message>
        <source>6 h</source>
        <translation>6 godz.</translation>
    </message>
    <message>
        <source>24 h</source>
        <translation>24 godz.</translation>
    </message>
    <message>
        <source>7 d</source>
        <translation>7 dni</translation>
    </message>
    <message>
        <source>30 d</source>
        <translation>30 dni</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Wszystko</translation>
    </message>
    <message>
        <source>A time in ISO 8601, such as 2026-01-31T12:00:00Z or 2026-01-31T13:00+01:00; without an offset it is UTC. Empty: no bound.</source>
        <translation>Czas w ISO 8601, np. 2026-01-31T12:00:00Z albo 2026-01-31T13:00+01:00; bez przesunięcia to UTC. Puste: bez granicy.</translation>
    </message>
    <message>
        <source>from (ISO 8601)</source>
        <translation>od (ISO 8601)</translation>
    </message>
    <message>
        <source>to (ISO 8601)</source>
        <translation>do (ISO 8601)</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Skąd</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Do</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Zastosuj</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::ReadingModel</name>
    <message>
        <source>Received</source>
        <translation>Odebrano</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>Zmierzono</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::SecretDialog</name>
    <message>
        <source>Close</source>
        <translation>Zamknij</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::SecretPanel</name>
    <message>
        <source>The secret is shown this once. The server keeps only a hash of it: what isn&apos;t copied now can&apos;t be had again, only replaced.</source>
        <translation>Sekret jest pokazany tylko ten jeden raz. Serwer przechowuje jedynie jego skrót: czego teraz nie skopiujesz, tego nie da się odzyskać, można to tylko wymienić.</translation>
    </message>
    <message>
        <source>Device id</source>
        <translation>Identyfikator</translation>
    </message>
    <message>
        <source>Copy id</source>
        <translation>Kopiuj id</translation>
    </message>
    <message>
        <source>Secret</source>
        <translation>Sekret</translation>
    </message>
    <message>
        <source>Copy secret</source>
        <translation>Kopiuj sekret</translation>
    </message>
    <message>
        <source>What the device does with it: get a token (good for minutes), upload a reading</source>
        <translation>Co urządzenie z nim robi: pobiera token (ważny kilka minut) i wysyła odczyt</translation>
    </message>
    <message>
        <source>Copy these lines</source>
        <translation>Kopiuj te wiersze</translation>
    </message>
    <message>
        <source>The clipboard was cleared.</source>
        <translation>Schowek wyczyszczono.</translation>
    </message>
    <message>
        <source>Copied. The clipboard is cleared in a minute.</source>
        <translation>Skopiowano. Schowek zostanie wyczyszczony za minutę.</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::SecurityPage</name>
    <message>
        <source>Security log</source>
        <translation>Dziennik bezpieczeństwa</translation>
    </message>
    <message>
        <source>Export CSV…</source>
        <translation>Eksport CSV…</translation>
    </message>
    <message>
        <source>All events</source>
        <translation>Wszystkie zdarzenia</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>Zdarzenie</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Kto</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>Zakres</translation>
    </message>
    <message>
        <source>Every outcome</source>
        <translation>Każdy wynik</translation>
    </message>
    <message>
        <source>Everybody</source>
        <translation>Wszyscy</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>Użytkownicy</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Urządzenia</translation>
    </message>
    <message>
        <source>The system</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Nieznani</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>Cały czas</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>Ostatnia godzina</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>Ostatnie 24 godziny</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Ostatnie 7 dni</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::Session</name>
    <message>
        <source>Your session has ended. Please sign in again.</source>
        <translation>Sesja się skończyła. Zaloguj się ponownie.</translation>
    </message>
    <message>
        <source>Please sign in.</source>
        <translation>Zaloguj się.</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::SignInAgainDialog</name>
    <message>
        <source>Sign in again</source>
        <translation>Zaloguj się ponownie</translation>
    </message>
    <message>
        <source>Your session has ended. What you see stays; sign in to go on.</source>
        <translation>Sesja się skończyła. To, co widać, pozostaje; zaloguj się, aby kontynuować.</translation>
    </message>
    <message>
        <source>Sign out instead</source>
        <translation>Wyloguj się</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::SignInForm</name>
    <message>
        <source>Password, once more</source>
        <translation>Hasło jeszcze raz</translation>
    </message>
    <message>
        <source>Stay signed in on this computer</source>
        <translation>Nie wylogowuj na tym komputerze</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Serwer</translation>
    </message>
    <message>
        <source>E-mail address</source>
        <translation>Adres e-mail</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Hasło</translation>
    </message>
    <message>
        <source>Keeps a token in the keyring of this computer, where there is one; never the password.</source>
        <translation>Przechowuje token w pęku kluczy tego komputera, jeśli istnieje; nigdy hasło.</translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation>Zaloguj się ponownie</translation>
    </message>
    <message>
        <source>Make an account</source>
        <translation>Utwórz konto</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Zaloguj się</translation>
    </message>
    <message>
        <source>Register</source>
        <translation>Zarejestruj się</translation>
    </message>
    <message>
        <source>I have an account</source>
        <translation>Mam już konto</translation>
    </message>
    <message>
        <source>No account yet? Register</source>
        <translation>Nie masz konta? Zarejestruj się</translation>
    </message>
    <message>
        <source>One moment …</source>
        <translation>Chwileczkę…</translation>
    </message>
    <message>
        <source>The server&apos;s address isn&apos;t one. It looks like http://127.0.0.1:8000.</source>
        <translation>To nie jest adres serwera. Powinien wyglądać jak http://127.0.0.1:8000.</translation>
    </message>
    <message>
        <source>E-mail address and password are needed.</source>
        <translation>Potrzebne są adres e-mail i hasło.</translation>
    </message>
    <message numerus="yes">
        <source>A password has at least %n character(s).</source>
        <translation>
            <numerusform>Hasło ma co najmniej %n znak.</numerusform>
            <numerusform>Hasło ma co najmniej %n znaki.</numerusform>
            <numerusform>Hasło ma co najmniej %n znaków.</numerusform>
        </translation>
    </message>
    <message>
        <source>The passwords differ.</source>
        <translation>Hasła się różnią.</translation>
    </message>
    <message>
        <source>Not encrypted: whoever listens on the way reads the password. Use https:// there.</source>
        <translation>Bez szyfrowania: kto podsłuchuje po drodze, odczyta hasło. Użyj tam https://.</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::UserDialog</name>
    <message>
        <source>Make the account</source>
        <translation>Utwórz konto</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Zapisz</translation>
    </message>
    <message>
        <source>New user</source>
        <translation>Nowy użytkownik</translation>
    </message>
    <message>
        <source>Change %1</source>
        <translation>Zmień %1</translation>
    </message>
    <message>
        <source>E-mail address</source>
        <translation>Adres e-mail</translation>
    </message>
    <message>
        <source>Password (8 to 128 characters)</source>
        <translation>Hasło (8 do 128 znaków)</translation>
    </message>
    <message>
        <source>New password; empty: the old one stays</source>
        <translation>Nowe hasło; puste: pozostaje stare</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Rola</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Użytkownik</translation>
    </message>
    <message>
        <source>Administrator</source>
        <translation>Administrator</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Anuluj</translation>
    </message>
    <message>
        <source>An e-mail address and a password are needed.</source>
        <translation>Potrzebne są adres e-mail i hasło.</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::UserModel</name>
    <message>
        <source>Administrator</source>
        <translation>Administrator</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Użytkownik</translation>
    </message>
    <message>
        <source>E-mail address</source>
        <translation>Adres e-mail</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Rola</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>Utworzono</translation>
    </message>
    <message>
        <source>%1 (disabled)</source>
        <translation>%1 (wyłączone)</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::UsersPage</name>
    <message>
        <source>Accounts</source>
        <translation>Konta</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>Zmień…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Usuń…</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>Użytkownicy</translation>
    </message>
    <message>
        <source>New user…</source>
        <translation>Nowy użytkownik…</translation>
    </message>
    <message>
        <source>The account %1 is made.</source>
        <translation>Konto %1 utworzono.</translation>
    </message>
    <message>
        <source>%1 has a new password. All its sessions have ended.</source>
        <translation>%1 ma nowe hasło. Wszystkie jego sesje zakończono.</translation>
    </message>
    <message>
        <source>The account %1 is changed.</source>
        <translation>Konto %1 zmieniono.</translation>
    </message>
    <message>
        <source>Delete %1?</source>
        <translation>Usunąć %1?</translation>
    </message>
    <message>
        <source>The account goes with all its devices and their readings, for good.</source>
        <translation>Konto zostanie usunięte na zawsze, ze wszystkimi urządzeniami i ich odczytami.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Usuń</translation>
    </message>
    <message>
        <source>%1 is deleted, with all its devices.</source>
        <translation>%1 usunięto ze wszystkimi urządzeniami.</translation>
    </message>
</context>
<context>
    <name>format</name>
    <message>
        <source>never</source>
        <translation>nigdy</translation>
    </message>
    <message>
        <source>%1 s ago</source>
        <translation>%1 s temu</translation>
    </message>
    <message>
        <source>%1 min ago</source>
        <translation>%1 min temu</translation>
    </message>
    <message>
        <source>%1 h ago</source>
        <translation>%1 godz. temu</translation>
    </message>
    <message>
        <source>%1 d ago</source>
        <translation>%1 dni temu</translation>
    </message>
    <message>
        <source>Speaking</source>
        <translation>Odzywa się</translation>
    </message>
    <message>
        <source>Late</source>
        <translation>Spóźnione</translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>Milczy</translation>
    </message>
    <message>
        <source>Blocked</source>
        <translation>Zablokowane</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Nieznany</translation>
    </message>
    <message>
        <source>Unknown since %1</source>
        <translation>Nieznany od %1</translation>
    </message>
    <message>
        <source>Never heard</source>
        <translation>Bez odczytu</translation>
    </message>
</context>
<context>
    <name>names</name>
    <message>
        <source>temperature</source>
        <translation>temperatura</translation>
    </message>
    <message>
        <source>humidity</source>
        <translation>wilgotność</translation>
    </message>
    <message>
        <source>wind speed</source>
        <translation>prędkość wiatru</translation>
    </message>
    <message>
        <source>pressure</source>
        <translation>ciśnienie</translation>
    </message>
    <message>
        <source>rainfall</source>
        <translation>opady</translation>
    </message>
    <message>
        <source>UV index</source>
        <translation>indeks UV</translation>
    </message>
    <message>
        <source>comfort</source>
        <translation>komfort</translation>
    </message>
    <message>
        <source>bit rate</source>
        <translation>przepływność</translation>
    </message>
    <message>
        <source>latency</source>
        <translation>opóźnienie</translation>
    </message>
    <message>
        <source>packet loss</source>
        <translation>utrata pakietów</translation>
    </message>
    <message>
        <source>snapshot</source>
        <translation>zdjęcie</translation>
    </message>
    <message>
        <source>PM2.5</source>
        <translation>PM2.5</translation>
    </message>
    <message>
        <source>PM10</source>
        <translation>PM10</translation>
    </message>
    <message>
        <source>CO₂</source>
        <translation>CO₂</translation>
    </message>
    <message>
        <source>VOC</source>
        <translation>LZO</translation>
    </message>
    <message>
        <source>battery</source>
        <translation>bateria</translation>
    </message>
    <message>
        <source>jam</source>
        <translation>zacięcie</translation>
    </message>
    <message>
        <source>status</source>
        <translation>stan</translation>
    </message>
    <message>
        <source>metrics</source>
        <translation>pomiary</translation>
    </message>
    <message>
        <source>last action</source>
        <translation>ostatnia czynność</translation>
    </message>
    <message>
        <source>user</source>
        <translation>użytkownik</translation>
    </message>
    <message>
        <source>method</source>
        <translation>sposób</translation>
    </message>
    <message>
        <source>Weather station</source>
        <translation>Stacja pogodowa</translation>
    </message>
    <message>
        <source>Indoor thermometer</source>
        <translation>Termometr pokojowy</translation>
    </message>
    <message>
        <source>IP camera</source>
        <translation>Kamera IP</translation>
    </message>
    <message>
        <source>Air quality</source>
        <translation>Czujnik jakości powietrza</translation>
    </message>
    <message>
        <source>Smart lock</source>
        <translation>Inteligentny zamek</translation>
    </message>
    <message>
        <source>An outdoor station: temperature, humidity, wind, pressure, rain and UV.</source>
        <translation>Stacja zewnętrzna: temperatura, wilgotność, wiatr, ciśnienie, opady i UV.</translation>
    </message>
    <message>
        <source>An indoor sensor of temperature and humidity, with a comfort index.</source>
        <translation>Czujnik pokojowy temperatury i wilgotności ze wskaźnikiem komfortu.</translation>
    </message>
    <message>
        <source>A network camera that tells how its stream does, and what moves before it.</source>
        <translation>Kamera sieciowa, która podaje stan strumienia i to, co porusza się przed obiektywem.</translation>
    </message>
    <message>
        <source>A sensor of fine dust, carbon dioxide and volatile organic compounds.</source>
        <translation>Czujnik pyłu zawieszonego, dwutlenku węgla i lotnych związków organicznych.</translation>
    </message>
    <message>
        <source>A lock that tells its state, its battery and who used it last.</source>
        <translation>Zamek, który podaje swój stan, baterię i ostatniego użytkownika.</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>tak</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nie</translation>
    </message>
</context>
</TS>
