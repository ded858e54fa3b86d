#pragma once

#include "core/alerts.hpp"
#include "core/fleet.hpp"
#include "core/time_range.hpp"
#include "widgets/clipboard_guard.hpp"
#include "widgets/device_list.hpp"
#include "widgets/preferences.hpp"

#include <QMainWindow>

#include <optional>

class QButtonGroup;
class QSplitter;
class QStackedWidget;
class QPushButton;

namespace breakwater::desktop {

class Badge;
class DeviceActions;
class DevicePage;
class NoticeBar;
class SecurityPage;
class UsersPage;

/// Everything after one has signed in: the fleet, alerts, and for administrators users and the security log.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    enum Page { FleetPage, AlertsPageIndex, SecurityPageIndex, UsersPageIndex };

    MainWindow(const Api& api, Live& live, Preferences& preferences, ColorScheme& scheme,
               QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Somebody has signed in: shows what is theirs. `again`: the same person, so what is shown stays.
    void begin(bool again);
    /// The session has ended; what is shown stays.
    void pause();
    void showPage(Page page);
    void newDevice();
    /// What is looked at, for another window that goes on from here.
    struct Place {
        Page page = FleetPage;
        QString device;
        DeviceList::Looking looking;
        TimeRange range;
        std::optional<QStringList> fields; ///< that are drawn
    };
    [[nodiscard]] Place place() const;
    /// After `begin`.
    void goTo(const Place& place);
    /// Keeps the window's place and shape for the next one.
    void remember();

    [[nodiscard]] Fleet& fleet() { return m_fleet; }
    [[nodiscard]] DeviceList& list() { return *m_list; }
    [[nodiscard]] DevicePage& devicePage() { return *m_device; }
    [[nodiscard]] DeviceActions& actions() { return *m_actions; }
    [[nodiscard]] Alerts& alerts() { return m_alerts; }
    [[nodiscard]] UsersPage& users() { return *m_users; }
    [[nodiscard]] SecurityPage& security() { return *m_security; }
    [[nodiscard]] NoticeBar& notices() { return *m_notices; }
    [[nodiscard]] ClipboardGuard& clipboard() { return m_clipboard; }

Q_SIGNALS:
    void signOutWanted();
    void signInWanted();
    void languageChosen(const QString& language);

protected:
    void closeEvent(QCloseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* topBar();
    QWidget* fleetPage();
    void makeMenu();
    void makeShortcuts();
    void choose(const QString& id);
    void showState();
    void updateRights();
    void reload();
    void showShortcuts();
    /// How people call what the security log is about.
    [[nodiscard]] QString nameOf(const QString& type, const QString& id);

    Api m_api;
    Live& m_live;
    Preferences& m_preferences;
    ColorScheme& m_scheme;
    Fleet m_fleet;
    Alerts m_alerts;
    ClipboardGuard m_clipboard;
    NoticeBar* m_notices;
    DeviceActions* m_actions;
    DeviceList* m_list;
    DevicePage* m_device;
    QStackedWidget* m_right;
    QSplitter* m_columns;
    SecurityPage* m_security;
    UsersPage* m_users;
    QStackedWidget* m_pages;
    QButtonGroup* m_navigation;
    Badge* m_state;
    QPushButton* m_account;
    QString m_problem; ///< why the list could not be fetched the last time
    QString m_wanted;  ///< a device that is to be chosen as soon as it is in the list
};

} // namespace breakwater::desktop
