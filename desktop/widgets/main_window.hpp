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

/// The window after sign-in: fleet and alerts, and for administrators also users and the security log.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    enum Page { FleetPage, AlertsPageIndex, SecurityPageIndex, UsersPageIndex };

    MainWindow(const Api& api, Live& live, Preferences& preferences, ColorScheme& scheme,
               QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Loads the data after a sign-in. `sameUser`: the same user signed in again, so the content stays.
    void start(bool sameUser);
    /// The session has ended. Keeps the content and offers to sign in again.
    void pause();
    void showPage(Page page);
    void newDevice();
    /// The state of the view, to restore in another window.
    struct ViewState {
        Page page = FleetPage;
        QString device;
        DeviceList::FilterState filter;
        TimeRange range;
        std::optional<QStringList> fields; ///< fields in the chart
    };
    [[nodiscard]] ViewState viewState() const;
    /// REQUIRES: `start` was called.
    void restoreView(const ViewState& state);
    /// Saves the window geometry and column widths for the next window.
    void saveLayout();

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
    void signOutRequested();
    void signInRequested();
    void languageChosen(const QString& language);

protected:
    void closeEvent(QCloseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* topBar();
    QWidget* fleetPage();
    void makeMenu();
    void makeShortcuts();
    void selectDevice(const QString& id);
    void updateConnectionState();
    void updateRights();
    void reload();
    void showShortcuts();
    /// The name of an object in the security log; empty if unknown.
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
    QStackedWidget* m_detail;
    QSplitter* m_columns;
    SecurityPage* m_security;
    UsersPage* m_users;
    QStackedWidget* m_pages;
    QButtonGroup* m_navigation;
    Badge* m_connection;
    QPushButton* m_account;
    QString m_loadError;     ///< the error of the last failed load; empty if it succeeded
    QString m_pendingDevice; ///< id of a device to select once it is in the list
};

} // namespace breakwater::desktop
