<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="pl" sourcelanguage="en">
<context>
    <name>ApiError</name>
    <message>
        <source>The server sent an invalid response (%1). Is it a Breakwater server?</source>
        <translation>Serwer przysłał nieprawidłową odpowiedź (%1). Czy to serwer Breakwater?</translation>
    </message>
</context>
<context>
    <name>SecretPanel</name>
    <message>
        <source>Close anyway</source>
        <translation>Zamknij mimo to</translation>
    </message>
    <message>
        <source>Close without copying the secret?</source>
        <translation>Zamknąć bez skopiowania sekretu?</translation>
    </message>
    <message>
        <source>You have not copied the secret. After you close this window, it can&apos;t be shown again, and the device needs a new secret.</source>
        <translation>Sekret nie został skopiowany. Po zamknięciu tego okna nie da się go już wyświetlić, a urządzenie będzie potrzebowało nowego.</translation>
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
        <source>Acknowledged by %1</source>
        <translation>Potwierdzony przez: %1</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>Poziom</translation>
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
        <source>%1 (deleted)</source>
        <translation>%1 (usunięte)</translation>
    </message>
    <message>
        <source>%1 (simulated)</source>
        <translation>%1 (symulowane)</translation>
    </message>
    <message>
        <source>Raised late, already resolved</source>
        <translation>Zgłoszony z opóźnieniem, już rozwiązany</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>Liczba</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::AlertsPage</name>
    <message>
        <source>Alerts</source>
        <translation>Alerty</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Potwierdź</translation>
    </message>
    <message>
        <source>Resolve</source>
        <translation>Rozwiąż</translation>
    </message>
    <message>
        <source>No open alerts.</source>
        <translation>Brak otwartych alertów.</translation>
    </message>
    <message>
        <source>Show device</source>
        <translation>Pokaż urządzenie</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::ApiClient</name>
    <message numerus="yes">
        <source>Try again in %n second(s).</source>
        <translation>
            <numerusform>Spróbuj za %n sekundę.</numerusform>
            <numerusform>Spróbuj za %n sekundy.</numerusform>
            <numerusform>Spróbuj za %n sekund.</numerusform>
        </translation>
    </message>
    <message>
        <source>The connection to %1 isn&apos;t secure: %2</source>
        <translation>Połączenie z %1 nie jest bezpieczne: %2</translation>
    </message>
    <message>
        <source>The server at %1 can&apos;t be reached: %2</source>
        <translation>Nie można połączyć się z serwerem %1: %2</translation>
    </message>
    <message>
        <source>The response of the server is too large.</source>
        <translation>Odpowiedź serwera jest za duża.</translation>
    </message>
    <message>
        <source>The server has an internal error (status %1). Try again later.</source>
        <translation>Na serwerze wystąpił błąd wewnętrzny (status %1). Spróbuj później.</translation>
    </message>
    <message>
        <source>The server refused the request (status %1).</source>
        <translation>Serwer odrzucił żądanie (status %1).</translation>
    </message>
    <message>
        <source>No server responds at %1. Is it running?</source>
        <translation>Pod adresem %1 nie odpowiada żaden serwer. Czy jest uruchomiony?</translation>
    </message>
    <message>
        <source>There is no host named %1. Check the server address.</source>
        <translation>Nie ma hosta o nazwie %1. Sprawdź adres serwera.</translation>
    </message>
    <message>
        <source>The server at %1 did not respond in time. Try again later.</source>
        <translation>Serwer %1 nie odpowiedział na czas. Spróbuj później.</translation>
    </message>
    <message>
        <source>The connection to %1 was interrupted. Try again.</source>
        <translation>Połączenie z %1 zostało przerwane. Spróbuj ponownie.</translation>
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
        <source>No keyring is available on this computer. You stay signed in only until you close the program.</source>
        <translation>Na tym komputerze nie ma dostępnego pęku kluczy. Sesja potrwa tylko do zamknięcia programu.</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::ConfirmDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Anuluj</translation>
    </message>
    <message>
        <source>Type “%1” to continue:</source>
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
        <source>&amp;Name</source>
        <translation>&amp;Nazwa</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Gotowe</translation>
    </message>
    <message>
        <source>Create device</source>
        <translation>Utwórz urządzenie</translation>
    </message>
    <message>
        <source>Example of a reading</source>
        <translation>Przykładowy odczyt</translation>
    </message>
    <message>
        <source>Sends a reading every %1 to %2 seconds.</source>
        <translation>Wysyła odczyt co %1–%2 s.</translation>
    </message>
    <message>
        <source>Step 2 of 2: created “%1”</source>
        <translation>Krok 2 z 2: utworzono „%1”</translation>
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
        <source>Rename</source>
        <translation>Zmień nazwę</translation>
    </message>
    <message>
        <source>Rotate the secret of “%1”?</source>
        <translation>Wymienić sekret urządzenia „%1”?</translation>
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
        <source>Invalidate the tokens of “%1”?</source>
        <translation>Unieważnić tokeny urządzenia „%1”?</translation>
    </message>
    <message>
        <source>Invalidate tokens</source>
        <translation>Unieważnij tokeny</translation>
    </message>
    <message>
        <source>Deactivate “%1”?</source>
        <translation>Dezaktywować „%1”?</translation>
    </message>
    <message>
        <source>Deactivate</source>
        <translation>Dezaktywuj</translation>
    </message>
    <message>
        <source>Reactivate “%1”?</source>
        <translation>Aktywować ponownie „%1”?</translation>
    </message>
    <message>
        <source>Reactivate</source>
        <translation>Aktywuj ponownie</translation>
    </message>
    <message>
        <source>Delete “%1”?</source>
        <translation>Usunąć „%1”?</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Usuń</translation>
    </message>
    <message>
        <source>New name</source>
        <translation>Nowa nazwa</translation>
    </message>
    <message>
        <source>Renamed “%1” to “%2”.</source>
        <translation>Zmieniono nazwę „%1” na „%2”.</translation>
    </message>
    <message>
        <source>The device gets a new secret, which is shown only once. The old secret and its tokens stop working at once. The device can&apos;t send readings until you give it the new secret.</source>
        <translation>Urządzenie otrzyma nowy sekret, który zostanie wyświetlony tylko raz. Stary sekret i jego tokeny natychmiast przestaną działać. Urządzenie nie będzie mogło wysyłać odczytów, dopóki nie otrzyma nowego sekretu.</translation>
    </message>
    <message>
        <source>“%1” has a new secret. The old secret and its tokens no longer work.</source>
        <translation>„%1” ma nowy sekret. Stary sekret i jego tokeny już nie działają.</translation>
    </message>
    <message>
        <source>All tokens of the device stop working at once. It keeps its secret and can get new tokens with it.</source>
        <translation>Wszystkie tokeny urządzenia natychmiast przestaną działać. Urządzenie zachowa sekret i będzie mogło uzyskać nowe tokeny.</translation>
    </message>
    <message>
        <source>The tokens of “%1” no longer work. It keeps its secret.</source>
        <translation>Tokeny urządzenia „%1” już nie działają. Sekret pozostał bez zmian.</translation>
    </message>
    <message>
        <source>The tokens of the device stop working at once, and it can&apos;t get new ones until you reactivate it. Its readings are kept.</source>
        <translation>Tokeny urządzenia natychmiast przestaną działać i nie uzyska ono nowych, dopóki nie zostanie ponownie aktywowane. Odczyty zostaną zachowane.</translation>
    </message>
    <message>
        <source>Deactivated “%1”. Its tokens no longer work.</source>
        <translation>Dezaktywowano „%1”. Jego tokeny już nie działają.</translation>
    </message>
    <message>
        <source>The device can sign in again with its secret. Its old tokens stay invalid.</source>
        <translation>Urządzenie będzie mogło ponownie zalogować się swoim sekretem. Dotychczasowe tokeny pozostaną nieważne.</translation>
    </message>
    <message>
        <source>Reactivated “%1”.</source>
        <translation>Ponownie aktywowano „%1”.</translation>
    </message>
    <message>
        <source>This permanently deletes the device and all its readings. Export the data you want to keep first.</source>
        <translation>Urządzenie i wszystkie jego odczyty zostaną trwale usunięte. Najpierw wyeksportuj dane, które chcesz zachować.</translation>
    </message>
    <message>
        <source>Deleted “%1” and its readings.</source>
        <translation>Usunięto „%1” i jego odczyty.</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::DeviceHeader</name>
    <message>
        <source>Category</source>
        <translation>Kategoria</translation>
    </message>
    <message>
        <source>Readings in range</source>
        <translation>Odczyty w zakresie</translation>
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
        <source>Blocked by %1 on %2.</source>
        <translation>Zablokowane przez: %1, %2.</translation>
    </message>
    <message>
        <source>Reason: %1</source>
        <translation>Powód: %1</translation>
    </message>
    <message>
        <source>Last reading</source>
        <translation>Ostatni odczyt</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>Utworzono</translation>
    </message>
    <message>
        <source>The server simulates the readings until the device signs in for the first time.</source>
        <translation>Serwer symuluje odczyty, dopóki urządzenie nie zaloguje się po raz pierwszy.</translation>
    </message>
    <message>
        <source>Only an administrator can reactivate it.</source>
        <translation>Ponownie aktywować może je tylko administrator.</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::DeviceList</name>
    <message>
        <source>Search by name or id</source>
        <translation>Szukaj według nazwy lub identyfikatora</translation>
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
    <message>
        <source>State</source>
        <translation>Stan</translation>
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
        <source>%1 (simulated)</source>
        <translation>%1 (symulowane)</translation>
    </message>
    <message>
        <source>Last reading</source>
        <translation>Ostatni odczyt</translation>
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
        <source>Include simulated readings</source>
        <translation>Pokaż symulowane odczyty</translation>
    </message>
    <message>
        <source>Select a field above to show it in the chart.</source>
        <translation>Wybierz powyżej pole, aby pokazać je na wykresie.</translation>
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
        <source>%1 and %2 more</source>
        <translation>%1 i jeszcze %2</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Wynik</translation>
    </message>
    <message>
        <source>Actor</source>
        <translation>Kto</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Dotyczy</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Szczegóły</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Źródło</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>Liczba</translation>
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
        <source>Cancel</source>
        <translation>Anuluj</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Eksport</translation>
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
    <message>
        <source>Waiting for the server …</source>
        <translation>Oczekiwanie na serwer…</translation>
    </message>
    <message numerus="yes">
        <source>Exported %n row(s).</source>
        <translation>
            <numerusform>Wyeksportowano %n wiersz.</numerusform>
            <numerusform>Wyeksportowano %n wiersze.</numerusform>
            <numerusform>Wyeksportowano %n wierszy.</numerusform>
        </translation>
    </message>
    <message>
        <source>Export failed, no file was written: %1</source>
        <translation>Eksport nie powiódł się, nie zapisano żadnego pliku: %1</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::FieldPicker</name>
    <message>
        <source>Chart fields</source>
        <translation>Pola wykresu</translation>
    </message>
    <message numerus="yes">
        <source>All %n field(s)…</source>
        <translation>
            <numerusform>Wszystkie %n pole…</numerusform>
            <numerusform>Wszystkie %n pola…</numerusform>
            <numerusform>Wszystkie %n pól…</numerusform>
        </translation>
    </message>
    <message>
        <source>Search fields</source>
        <translation>Szukaj pól</translation>
    </message>
    <message numerus="yes">
        <source>The chart shows up to %n field(s).</source>
        <translation>
            <numerusform>Wykres pokazuje najwyżej %n pole.</numerusform>
            <numerusform>Wykres pokazuje najwyżej %n pola.</numerusform>
            <numerusform>Wykres pokazuje najwyżej %n pól.</numerusform>
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
        <source>Sign in again…</source>
        <translation>Zaloguj się ponownie…</translation>
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
        <source>Alerts (%1)</source>
        <translation>Alerty (%1)</translation>
    </message>
    <message>
        <source>Same as system</source>
        <translation>Jak w systemie</translation>
    </message>
    <message>
        <source>Search devices</source>
        <translation>Szukaj urządzeń</translation>
    </message>
    <message>
        <source>Reload all data</source>
        <translation>Wczytaj wszystko ponownie</translation>
    </message>
    <message>
        <source>Export readings</source>
        <translation>Eksportuj odczyty</translation>
    </message>
    <message>
        <source>Rename device</source>
        <translation>Zmień nazwę urządzenia</translation>
    </message>
    <message>
        <source>Rotate secret</source>
        <translation>Wymień sekret</translation>
    </message>
    <message>
        <source>Invalidate tokens</source>
        <translation>Unieważnij tokeny</translation>
    </message>
    <message>
        <source>Deactivate device</source>
        <translation>Dezaktywuj urządzenie</translation>
    </message>
    <message>
        <source>Reactivate device</source>
        <translation>Aktywuj urządzenie ponownie</translation>
    </message>
    <message>
        <source>Delete device</source>
        <translation>Usuń urządzenie</translation>
    </message>
    <message>
        <source>No device selected</source>
        <translation>Nie wybrano urządzenia</translation>
    </message>
    <message>
        <source>Select a device on the left or create one.</source>
        <translation>Wybierz urządzenie po lewej albo utwórz nowe.</translation>
    </message>
    <message>
        <source>Your session has ended. The data shown is no longer updated.</source>
        <translation>Sesja wygasła. Widoczne dane nie są już odświeżane.</translation>
    </message>
    <message>
        <source>Created “%1”.</source>
        <translation>Utworzono „%1”.</translation>
    </message>
    <message>
        <source>Connection lost at %1, retrying</source>
        <translation>Utracono połączenie o %1, ponawianie</translation>
    </message>
    <message>
        <source>Updates every few seconds</source>
        <translation>Odświeżanie co kilka sekund</translation>
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
        <source>from (ISO 8601)</source>
        <translation>od (ISO 8601)</translation>
    </message>
    <message>
        <source>to (ISO 8601)</source>
        <translation>do (ISO 8601)</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Od</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Do</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Zastosuj</translation>
    </message>
    <message>
        <source>A time in ISO 8601 format, such as 2026-01-31T12:00:00Z or 2026-01-31T13:00+01:00. Times without an offset are in UTC. Leave empty for no limit.</source>
        <translation>Czas w formacie ISO 8601, np. 2026-01-31T12:00:00Z albo 2026-01-31T13:00+01:00. Czas bez przesunięcia oznacza UTC. Puste pole oznacza brak ograniczenia.</translation>
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
        <source>Device id</source>
        <translation>Identyfikator</translation>
    </message>
    <message>
        <source>Copy id</source>
        <translation>Kopiuj identyfikator</translation>
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
        <source>Copy the secret now. The server stores only a hash, so it can&apos;t show the secret again. If you lose it, rotate the secret.</source>
        <translation>Skopiuj sekret teraz. Serwer przechowuje tylko jego skrót, więc nie może go ponownie wyświetlić. Jeśli zgubisz sekret, wymień go.</translation>
    </message>
    <message>
        <source>The device uses it to get a short-lived token and to upload readings:</source>
        <translation>Urządzenie używa go, aby pobrać krótkotrwały token i wysyłać odczyty:</translation>
    </message>
    <message>
        <source>Copy commands</source>
        <translation>Kopiuj polecenia</translation>
    </message>
    <message>
        <source>The clipboard has been cleared.</source>
        <translation>Schowek został wyczyszczony.</translation>
    </message>
    <message>
        <source>Copied. The clipboard will be cleared in one minute.</source>
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
        <source>Range</source>
        <translation>Zakres</translation>
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
    <message>
        <source>Result</source>
        <translation>Wynik</translation>
    </message>
    <message>
        <source>Actor</source>
        <translation>Kto</translation>
    </message>
    <message>
        <source>All results</source>
        <translation>Wszystkie wyniki</translation>
    </message>
    <message>
        <source>All actors</source>
        <translation>Wszyscy</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::Session</name>
    <message>
        <source>Your session has ended. Please sign in again.</source>
        <translation>Sesja wygasła. Zaloguj się ponownie.</translation>
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
        <source>Sign out instead</source>
        <translation>Wyloguj się</translation>
    </message>
    <message>
        <source>Your session has ended. Sign in to continue where you left off.</source>
        <translation>Sesja wygasła. Zaloguj się, aby kontynuować pracę.</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::SignInForm</name>
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
        <source>Sign in again</source>
        <translation>Zaloguj się ponownie</translation>
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
        <source>Repeat password</source>
        <translation>Powtórz hasło</translation>
    </message>
    <message>
        <source>Not encrypted: others on the network can read your password. Use https:// instead.</source>
        <translation>Połączenie nieszyfrowane: inni w sieci mogą odczytać Twoje hasło. Użyj https://.</translation>
    </message>
    <message>
        <source>Stores a token in the keyring of this computer, if it has one. Never stores the password.</source>
        <translation>Zapisuje token w pęku kluczy tego komputera, jeśli jest dostępny. Hasło nigdy nie jest zapisywane.</translation>
    </message>
    <message>
        <source>Create an account</source>
        <translation>Utwórz konto</translation>
    </message>
    <message>
        <source>Please wait …</source>
        <translation>Proszę czekać…</translation>
    </message>
    <message>
        <source>This is not a server address. Enter one such as http://127.0.0.1:8000.</source>
        <translation>To nie jest adres serwera. Podaj adres taki jak http://127.0.0.1:8000.</translation>
    </message>
    <message>
        <source>Enter your e-mail address and password.</source>
        <translation>Podaj adres e-mail i hasło.</translation>
    </message>
    <message numerus="yes">
        <source>The password must have at least %n character(s).</source>
        <translation>
            <numerusform>Hasło musi mieć co najmniej %n znak.</numerusform>
            <numerusform>Hasło musi mieć co najmniej %n znaki.</numerusform>
            <numerusform>Hasło musi mieć co najmniej %n znaków.</numerusform>
        </translation>
    </message>
    <message>
        <source>The passwords do not match.</source>
        <translation>Hasła nie są takie same.</translation>
    </message>
</context>
<context>
    <name>breakwater::desktop::UserDialog</name>
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
        <source>Create account</source>
        <translation>Utwórz konto</translation>
    </message>
    <message>
        <source>New password (leave empty to keep the current one)</source>
        <translation>Nowe hasło (puste pole: bez zmiany)</translation>
    </message>
    <message>
        <source>Enter an e-mail address and a password.</source>
        <translation>Podaj adres e-mail i hasło.</translation>
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
        <source>%1 (disabled)</source>
        <translation>%1 (wyłączone)</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>Utworzono</translation>
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
        <source>Delete %1?</source>
        <translation>Usunąć %1?</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Usuń</translation>
    </message>
    <message>
        <source>Created the account %1.</source>
        <translation>Utworzono konto %1.</translation>
    </message>
    <message>
        <source>Changed the password of %1 and ended all its sessions.</source>
        <translation>Zmieniono hasło konta %1 i zakończono wszystkie jego sesje.</translation>
    </message>
    <message>
        <source>Saved the account %1.</source>
        <translation>Zapisano konto %1.</translation>
    </message>
    <message>
        <source>This permanently deletes the account with all its devices and readings.</source>
        <translation>Konto zostanie trwale usunięte razem z urządzeniami i odczytami.</translation>
    </message>
    <message>
        <source>Deleted %1 and all its devices.</source>
        <translation>Usunięto konto %1 i wszystkie jego urządzenia.</translation>
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
        <source>Late</source>
        <translation>Spóźnia się</translation>
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
        <translation>Stan nieznany</translation>
    </message>
    <message>
        <source>Unknown since %1</source>
        <translation>Stan nieznany od %1</translation>
    </message>
    <message>
        <source>Reporting</source>
        <translation>Nadaje</translation>
    </message>
    <message>
        <source>No readings yet</source>
        <translation>Brak odczytów</translation>
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
        <source>yes</source>
        <translation>tak</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>An indoor sensor for temperature and humidity, with a comfort index.</source>
        <translation>Czujnik temperatury i wilgotności w pomieszczeniu, ze wskaźnikiem komfortu.</translation>
    </message>
    <message>
        <source>A network camera that reports the state of its stream and detected motion.</source>
        <translation>Kamera sieciowa, która podaje stan strumienia i wykryty ruch.</translation>
    </message>
    <message>
        <source>A sensor for fine dust, carbon dioxide and volatile organic compounds.</source>
        <translation>Czujnik pyłu zawieszonego, dwutlenku węgla i lotnych związków organicznych.</translation>
    </message>
    <message>
        <source>A lock that reports its state, its battery level and its last user.</source>
        <translation>Zamek, który podaje swój stan, poziom baterii i ostatniego użytkownika.</translation>
    </message>
</context>
</TS>
