#include "widgets/main_window.hpp"

#include "widgets/alerts_page.hpp"
#include "widgets/create_dialog.hpp"
#include "widgets/device_actions.hpp"
#include "widgets/device_list.hpp"
#include "widgets/device_page.hpp"
#include "widgets/device_tree.hpp"
#include "widgets/format.hpp"
#include "widgets/labels.hpp"
#include "widgets/notice_bar.hpp"
#include "widgets/security_page.hpp"
#include "widgets/users_page.hpp"

#include <QButtonGroup>
#include <QCloseEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

MainWindow::MainWindow(const Api& api, Live& live, Preferences& preferences, ColorScheme& scheme,
                       QWidget* parent)
    : QMainWindow{parent},
      m_api{api},
      m_live{live},
      m_preferences{preferences},
      m_scheme{scheme},
      m_fleet{api, live},
      m_alerts{api, live},
      m_clipboard{*QGuiApplication::clipboard()},
      m_notices{new NoticeBar},
      m_actions{new DeviceActions{api, m_fleet, m_clipboard, this}},
      m_list{new DeviceList{m_fleet}},
      m_device{new DevicePage{api, m_fleet, live, *m_actions, *m_notices}},
      m_detail{new QStackedWidget},
      m_columns{new QSplitter},
      m_security{new SecurityPage{api, live, *m_notices}},
      m_users{new UsersPage{api, *m_notices}},
      m_pages{new QStackedWidget},
      m_navigation{new QButtonGroup{this}},
      m_connection{new Badge},
      m_account{makeButton({}, "plain")} {
    setWindowTitle(tr("Breakwater"));
    auto* central = new QWidget;
    auto* layout = new QVBoxLayout{central};
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(topBar());
    auto* body = new QVBoxLayout;
    body->setContentsMargins(14, 12, 14, 12);
    body->setSpacing(10);
    body->addWidget(m_notices);
    auto* alerts = new AlertsPage{m_alerts, *m_notices};
    m_pages->addWidget(fleetPage());
    m_pages->addWidget(alerts);
    m_pages->addWidget(m_security);
    m_pages->addWidget(m_users);
    for (EventModel* events : {&m_security->log().model(), &m_device->events().model()})
        events->setNameLookup([this](const QString& type, const QString& id) { return nameOf(type, id); });
    body->addWidget(m_pages, 1);
    layout->addLayout(body, 1);
    setCentralWidget(central);
    makeMenu();
    makeShortcuts();
    for (QLineEdit* line : findChildren<QLineEdit*>())
        line->installEventFilter(this);

    connect(&m_list->tree(), &DeviceTree::deviceSelected, this, &MainWindow::selectDevice);
    connect(m_list, &DeviceList::createRequested, this, &MainWindow::newDevice);
    connect(m_actions, &DeviceActions::succeeded, m_notices, &NoticeBar::inform);
    connect(m_actions, &DeviceActions::failed, m_notices, &NoticeBar::warn);
    connect(m_notices, &NoticeBar::actionTriggered, this, &MainWindow::signInRequested);
    connect(alerts, &AlertsPage::deviceRequested, this, [this](const QString& id) {
        showPage(FleetPage);
        m_list->tree().select(id);
    });
    connect(&m_fleet, &Fleet::failed, m_notices, [this](const QString& detail) {
        if (m_api.session().state() == Session::State::SignedIn)
            m_notices->warn(detail);
        m_loadError = detail;
    });
    connect(&m_fleet, &Fleet::loaded, this, [this] {
        if (!m_loadError.isEmpty() && m_notices->text() == std::exchange(m_loadError, {}))
            m_notices->dismiss(); // the problem is solved
        if (!m_list->tree().currentIndex().isValid())
            m_list->tree().setCurrentIndex(m_list->filter().index(0, 0));
    });
    connect(&m_fleet.model(), &QAbstractItemModel::rowsInserted, this, [this] {
        if (!m_pendingDevice.isEmpty() && m_fleet.model().rowOf(m_pendingDevice) >= 0)
            m_list->tree().select(std::exchange(m_pendingDevice, {}));
    });
    connect(&m_fleet.model(), &QAbstractItemModel::dataChanged, this, [this](const QModelIndex& topLeft) {
        if (topLeft.column() != DeviceModel::LastReadingAt)
            m_actions->refresh();
    });
    connect(&m_alerts, &Alerts::supportedChanged, this, &MainWindow::updateRights);
    connect(&m_alerts, &Alerts::changed, this, &MainWindow::updateRights);
    connect(&m_live, &Live::stateChanged, this, &MainWindow::updateConnectionState);

    resize(1280, 820);
    restoreGeometry(m_preferences.geometry());
    m_columns->restoreState(m_preferences.columns());
    updateConnectionState();
    updateRights();
}

MainWindow::~MainWindow() {
    // The pages use models that are members of this class. As children they would outlive the models.
    delete takeCentralWidget();
}

QWidget* MainWindow::topBar() {
    auto* bar = new QWidget;
    bar->setAutoFillBackground(true);
    bar->setBackgroundRole(QPalette::Base);
    auto* outer = new QVBoxLayout{bar};
    outer->setContentsMargins({});
    outer->setSpacing(0);
    auto* layout = new QHBoxLayout;
    layout->setContentsMargins(14, 7, 14, 7);
    layout->setSpacing(8);
    auto* mark = new QLabel;
    mark->setPixmap(applicationIcon().pixmap(QSize{24, 24}, devicePixelRatio()));
    layout->addWidget(mark);
    layout->addWidget(titleLabel(tr("Breakwater"), 1.15));
    layout->addSpacing(18);
    for (const auto& [page, name] :
         {std::pair{FleetPage, tr("Fleet")}, std::pair{AlertsPageIndex, tr("Alerts")},
          std::pair{SecurityPageIndex, tr("Security log")}, std::pair{UsersPageIndex, tr("Users")}}) {
        auto* button = makeButton(name, "plain");
        button->setCheckable(true);
        m_navigation->addButton(button, page);
        layout->addWidget(button);
    }
    m_navigation->button(FleetPage)->setChecked(true);
    connect(m_navigation, &QButtonGroup::idClicked, this,
            [this](int page) { showPage(static_cast<Page>(page)); });
    layout->addStretch(1);
    layout->addWidget(m_connection);
    layout->addWidget(m_account);
    outer->addLayout(layout);
    auto* line = new QFrame;
    line->setFixedHeight(1);
    line->setAutoFillBackground(true);
    line->setBackgroundRole(QPalette::Mid);
    outer->addWidget(line);
    return bar;
}

QWidget* MainWindow::fleetPage() {
    auto* emptyPage = new QWidget;
    auto* layout = new QVBoxLayout{emptyPage};
    layout->addStretch(2);
    layout->addWidget(titleLabel(tr("No device selected"), 1.3), 0, Qt::AlignHCenter);
    layout->addWidget(mutedLabel(tr("Select a device on the left or create one.")), 0, Qt::AlignHCenter);
    layout->addStretch(3);
    m_detail->addWidget(emptyPage);
    m_detail->addWidget(m_device);
    m_columns->addWidget(m_list);
    m_columns->addWidget(m_detail);
    m_columns->setChildrenCollapsible(false);
    m_columns->setStretchFactor(0, 0);
    m_columns->setStretchFactor(1, 1);
    m_columns->setSizes({400, 840});
    m_list->setMinimumWidth(300);
    return m_columns;
}

void MainWindow::start(bool sameUser) {
    m_notices->dismiss();
    if (!sameUser) {
        m_live.stop();
        m_fleet.clear();
        m_alerts.clear();
        m_security->clear();
        m_users->clear();
        selectDevice({});
        showPage(FleetPage);
    }
    m_account->setText(m_api.session().email());
    m_fleet.load();
    m_alerts.load();
    if (m_api.session().claims().administrator)
        m_users->load(); // the security log shows user names
    m_live.start();
    m_live.retryNow();
    if (sameUser)
        reload();
    updateRights();
}

QString MainWindow::nameOf(const QString& type, const QString& id) {
    if (type == "device"_L1) {
        const Device* entry = m_fleet.model().find(id);
        return entry == nullptr ? QString{} : entry->name;
    }
    if (type != "user"_L1)
        return {};
    if (id.toLongLong() == m_api.session().claims().userId)
        return m_api.session().email();
    const QList<User>& users = m_users->model().rows();
    const auto entry = std::ranges::find(users, id.toLongLong(), &User::id);
    return entry == users.end() ? QString{} : entry->email;
}

void MainWindow::pause() {
    m_notices->showAction(tr("Your session has ended. The data shown is no longer updated."),
                          tr("Sign in again…"));
}

void MainWindow::selectDevice(const QString& id) {
    m_actions->setDevice(id);
    m_device->setDevice(id);
    m_detail->setCurrentIndex(id.isEmpty() ? 0 : 1);
}

void MainWindow::showPage(Page page) {
    m_navigation->button(page)->setChecked(true);
    m_pages->setCurrentIndex(page);
    if (page == UsersPageIndex)
        m_users->load();
    if (page == SecurityPageIndex)
        m_security->load();
    else
        m_security->clear();
}

void MainWindow::newDevice() {
    auto* dialog = new CreateDialog{m_api, m_fleet.model().categories(), m_clipboard, this};
    connect(dialog, &CreateDialog::created, this,
            [this](const QString& id, const QString& name, const QString& category) {
                m_pendingDevice = id;
                Device device;
                device.id = id;
                device.name = name;
                device.category = category;
                device.status = u"active"_s;
                m_fleet.model().put(device);
                m_list->tree().select(id);
                m_pendingDevice.clear();
                m_notices->inform(tr("Created “%1”.").arg(name));
            });
    dialog->open();
}

void MainWindow::reload() {
    m_fleet.load();
    m_alerts.load();
    m_device->reload();
    if (m_pages->currentIndex() == UsersPageIndex)
        m_users->load();
    if (m_pages->currentIndex() == SecurityPageIndex)
        m_security->load();
}

void MainWindow::updateConnectionState() {
    switch (m_live.state()) {
    case Live::State::Off: return m_connection->setStatus(tr("Offline"), Tone::Muted);
    case Live::State::Connecting: return m_connection->setStatus(tr("Connecting …"), Tone::Muted);
    case Live::State::Connected: return m_connection->setStatus(tr("Live"), Tone::Good);
    case Live::State::Lost:
        return m_connection->setStatus(
            tr("Connection lost at %1, retrying").arg(clockTime(m_live.lastReceived())), Tone::Warn);
    case Live::State::Unsupported:
        return m_connection->setStatus(tr("Updates every few seconds"), Tone::Accent);
    }
}

void MainWindow::updateRights() {
    const bool administrator = m_api.session().claims().administrator;
    m_navigation->button(SecurityPageIndex)->setVisible(administrator);
    m_navigation->button(UsersPageIndex)->setVisible(administrator);
    QAbstractButton* alerts = m_navigation->button(AlertsPageIndex);
    alerts->setVisible(m_alerts.isSupported());
    const int open = m_alerts.openCount();
    alerts->setText(open == 0 ? tr("Alerts") : tr("Alerts (%1)").arg(open));
    if (!m_navigation->checkedButton()->isVisibleTo(this))
        showPage(FleetPage);
}

MainWindow::ViewState MainWindow::viewState() const {
    return {.page = static_cast<Page>(m_pages->currentIndex()),
            .device = m_device->device(),
            .filter = m_list->filterState(),
            .range = m_device->readings().range(),
            .fields = m_device->drawnFields()};
}

void MainWindow::restoreView(const ViewState& state) {
    m_list->setFilterState(state.filter);
    m_device->setRange(state.range);
    m_device->setDrawnFields(state.device, state.fields);
    m_pendingDevice = state.device;
    if (m_navigation->button(state.page)->isVisibleTo(this))
        showPage(state.page);
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    // A line edit would handle Ctrl+E, Ctrl+D and Ctrl+Delete itself. Here they are shortcuts of the window.
    if (event->type() == QEvent::ShortcutOverride) {
        const QKeySequence keys{static_cast<QKeyEvent*>(event)->keyCombination()};
        const auto isAction = [&](const QAction* item) { return item->shortcuts().contains(keys); };
        const auto isShortcut = [&](const QShortcut* item) { return item->key() == keys; };
        const auto actions = QWidget::actions();
        const auto shortcuts = findChildren<QShortcut*>();
        if (std::any_of(actions.begin(), actions.end(), isAction) ||
            std::any_of(shortcuts.begin(), shortcuts.end(), isShortcut)) {
            event->ignore();
            return true;
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::saveLayout() {
    m_preferences.setGeometry(saveGeometry());
    m_preferences.setColumns(m_columns->saveState());
}

void MainWindow::closeEvent(QCloseEvent* event) {
    saveLayout();
    m_clipboard.clear();
    event->accept();
}

} // namespace breakwater::desktop
