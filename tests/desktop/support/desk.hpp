#pragma once

#include "support/real_server.hpp"
#include "widgets/client.hpp"
#include "widgets/main_window.hpp"

#include <QApplication>

namespace breakwater::desktop::test {

/// Runs the client with temporary settings, and simulates typing and clicks.
class Desk {
public:
    explicit Desk(const QUrl& server, const QString& language = QStringLiteral("en"));
    ~Desk();

    [[nodiscard]] Client& client() { return *m_client; }
    [[nodiscard]] MainWindow& window() { return *m_client->mainWindow(); }
    [[nodiscard]] Preferences& preferences() { return m_preferences; }

    void start();
    /// Signs in with the sign-in window. Returns false if the sign-in failed.
    bool signIn(const QString& email, const QString& password);
    /// Replaces the text of a line edit by typing.
    static void type(QWidget& parent, const QString& field, const QString& text);
    static void click(QWidget& parent, const QString& button);
    /// Confirms the open dialog, after typing `text` into it. Returns false if no dialog is open or its
    /// button is disabled.
    bool confirm(const QString& text = {});

private:
    QTemporaryDir m_settings;
    Preferences m_preferences{m_settings.filePath(QStringLiteral("settings.ini"))};
    ColorScheme m_scheme{*qApp};
    NoVault m_vault;
    std::unique_ptr<Client> m_client;
};

void setClientStyle();

/// Runs a test in a QApplication with the style of the client.
template <class Test>
int runWithWindows(int argc, char** argv) {
    QApplication application{argc, argv};
    setClientStyle();
    Test test;
    return QTest::qExec(&test, argc, argv);
}

} // namespace breakwater::desktop::test
