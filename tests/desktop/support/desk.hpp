#pragma once

#include "support/real_server.hpp"
#include "widgets/client.hpp"
#include "widgets/main_window.hpp"

#include <QApplication>

namespace breakwater::desktop::test {

/// Where the client is used: with settings of its own, and a person who types and clicks.
class Desk {
public:
    explicit Desk(const QUrl& server, const QString& language = QStringLiteral("en"));
    ~Desk();

    [[nodiscard]] Client& client() { return *m_client; }
    [[nodiscard]] MainWindow& window() { return *m_client->mainWindow(); }
    [[nodiscard]] Preferences& preferences() { return m_preferences; }

    void start();
    /// In the first window. False where it is still there afterwards.
    bool signIn(const QString& email, const QString& password);
    /// Types into a field.
    static void type(QWidget& in, const QString& field, const QString& text);
    static void click(QWidget& in, const QString& button);
    /// Says yes to what is asked; types first what has to be typed.
    bool confirm(const QString& typed = {});

private:
    QTemporaryDir m_settings;
    Preferences m_preferences{m_settings.filePath(QStringLiteral("settings.ini"))};
    ColorScheme m_scheme{*qApp};
    NoVault m_vault;
    std::unique_ptr<Client> m_client;
};

void useOurStyle();

/// A QApplication in our style, around a test.
template <class Test>
int runWithWindows(int argc, char** argv) {
    QApplication application{argc, argv};
    useOurStyle();
    Test test;
    return QTest::qExec(&test, argc, argv);
}

} // namespace breakwater::desktop::test
