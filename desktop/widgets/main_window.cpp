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
      m_right{new QStackedWidget},
      m_columns{new QSplitter},
      m_security{new SecurityPage{api, live, *m_notices}},
      m_users{new UsersPage{api, *m_notices}},
      m_pages{new QStackedWidget},
      m_navigation{new QButtonGroup{this}},
      m_state{new Badge},
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
        events->setNames([this](const QString& type, const QString& id) { return nameOf(type, id); });
    body->addWidget(m_pages, 1);
    layout->addLayout(body, 1);
    setCentralWidget(central);
    makeMenu();
    makeShortcuts();
    for (QLineEdit* each : findChildren<QLineEdit*>())
        each->installEventFilter(this);

    connect(&m_list->tree(), &DeviceTree::chosen, this, &MainWindow::choose);
    connect(m_list, &DeviceList::creationWanted, this, &MainWindow::newDevice);
    connect(m_actions, &DeviceActions::did, m_notices, &NoticeBar::tell);
    connect(m_actions, &DeviceActions::failed, m_notices, &NoticeBar::warn);
    connect(m_notices, &NoticeBar::wanted, this, &MainWindow::signInWanted);
    connect(alerts, &AlertsPage::deviceWanted, this, [this](const QString& id) {
        showPage(FleetPage);
        m_list->tree().choose(id);
    });
    connect(&m_fleet, &Fleet::failed, m_notices, [this](const QString& detail) {
        if (m_api.session().state() == Session::State::SignedIn)
            m_notices->warn(detail);
        m_problem = detail;
    });
    connect(&m_fleet, &Fleet::loaded, this, [this] {
        if (!m_problem.isEmpty() && m_notices->text() == std::exchange(m_problem, {}))
            m_notices->dismiss(); // it is over
        if (!m_list->tree().currentIndex().isValid())
            m_list->tree().setCurrentIndex(m_list->filter().index(0, 0));
    });
    connect(&m_fleet.model(), &QAbstractItemModel::rowsInserted, this, [this] {
        if (!m_wanted.isEmpty() && m_fleet.model().rowOf(m_wanted) >= 0)
            m_list->tree().choose(std::exchange(m_wanted, {}));
    });
    connect(&m_fleet.model(), &QAbstractItemModel::dataChanged, this, [this](const QModelIndex& from) {
        if (from.column() != DeviceModel::Heard)
            m_actions->refresh();
    });
    connect(&m_alerts, &Alerts::supportedChanged, this, &MainWindow::updateRights);
    connect(&m_alerts, &Alerts::changed, this, &MainWindow::updateRights);
    connect(&m_live, &Live::stateChanged, this, &MainWindow::showState);

    resize(1280, 820);
    restoreGeometry(m_preferences.geometry());
    m_columns->restoreState(m_preferences.columns());
    showState();
    updateRights();
}

MainWindow::~MainWindow() {
    // The pages look at models that are members here, and would outlive them as children.
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
    layout->addWidget(m_state);
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
    auto* nothing = new QWidget;
    auto* layout = new QVBoxLayout{nothing};
    layout->addStretch(2);
    layout->addWidget(titleLabel(tr("No device is chosen"), 1.3), 0, Qt::AlignHCenter);
    layout->addWidget(mutedLabel(tr("Choose one on the left, or make a new one.")), 0, Qt::AlignHCenter);
    layout->addStretch(3);
    m_right->addWidget(nothing);
    m_right->addWidget(m_device);
    m_columns->addWidget(m_list);
    m_columns->addWidget(m_right);
    m_columns->setChildrenCollapsible(false);
    m_columns->setStretchFactor(0, 0);
    m_columns->setStretchFactor(1, 1);
    m_columns->setSizes({400, 840});
    m_list->setMinimumWidth(300);
    return m_columns;
}

void MainWindow::begin(bool again) {
    m_notices->dismiss();
    if (!again) {
        m_live.stop();
        m_fleet.clear();
        m_alerts.clear();
        m_security->clear();
        m_users->clear();
        choose({});
        showPage(FleetPage);
    }
    m_account->setText(m_api.session().email());
    m_fleet.load();
    m_alerts.load();
    if (m_api.session().who().administrator)
        m_users->load(); // the security log calls them by name
    m_live.start();
    m_live.retryNow();
    if (again)
        reload();
    updateRights();
}

QString MainWindow::nameOf(const QString& type, const QString& id) {
    if (type == "device"_L1) {
        const Device* known = m_fleet.model().find(id);
        return known == nullptr ? QString{} : known->name;
    }
    if (type != "user"_L1)
        return {};
    if (id.toLongLong() == m_api.session().who().userId)
        return m_api.session().email();
    const QList<User>& users = m_users->model().rows();
    const auto known = std::ranges::find(users, id.toLongLong(), &User::id);
    return known == users.end() ? QString{} : known->email;
}

void MainWindow::pause() {
    m_notices->offer(tr("Your session has ended. What you see stays as it is."), tr("Sign in again…"));
}

void MainWindow::choose(const QString& id) {
    m_actions->choose(id);
    m_device->choose(id);
    m_right->setCurrentIndex(id.isEmpty() ? 0 : 1);
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
                m_wanted = id;
                Device device;
                device.id = id;
                device.name = name;
                device.category = category;
                device.status = u"active"_s;
                m_fleet.model().put(device);
                m_list->tree().choose(id);
                m_wanted.clear();
                m_notices->tell(tr("“%1” is made.").arg(name));
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

void MainWindow::showState() {
    switch (m_live.state()) {
    case Live::State::Off: return m_state->say(tr("Offline"), Tone::Muted);
    case Live::State::Connecting: return m_state->say(tr("Connecting …"), Tone::Muted);
    case Live::State::Connected: return m_state->say(tr("Live"), Tone::Good);
    case Live::State::Lost:
        return m_state->say(tr("Connection lost since %1, trying again").arg(clockTime(m_live.lastHeard())),
                            Tone::Warn);
    case Live::State::Unsupported: return m_state->say(tr("Asking every few seconds"), Tone::Accent);
    }
}

void MainWindow::updateRights() {
    const bool administrator = m_api.session().who().administrator;
    m_navigation->button(SecurityPageIndex)->setVisible(administrator);
    m_navigation->button(UsersPageIndex)->setVisible(administrator);
    QAbstractButton* alerts = m_navigation->button(AlertsPageIndex);
    alerts->setVisible(m_alerts.isSupported());
    const int open = m_alerts.openCount();
    alerts->setText(open == 0 ? tr("Alerts") : tr("Alerts (%1)").arg(open));
    if (!m_navigation->checkedButton()->isVisibleTo(this))
        showPage(FleetPage);
}

MainWindow::Place MainWindow::place() const {
    return {.page = static_cast<Page>(m_pages->currentIndex()),
            .device = m_device->device(),
            .looking = m_list->looking(),
            .range = m_device->readings().range(),
            .fields = m_device->drawn()};
}

void MainWindow::goTo(const Place& place) {
    m_list->look(place.looking);
    m_device->setRange(place.range);
    m_device->draw(place.device, place.fields);
    m_wanted = place.device;
    if (m_navigation->button(place.page)->isVisibleTo(this))
        showPage(place.page);
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    // A line that is typed into takes Ctrl+E, Ctrl+D and Ctrl+Delete for itself, as shells do. Here they are
    // the window's.
    if (event->type() == QEvent::ShortcutOverride) {
        const QKeySequence keys{static_cast<QKeyEvent*>(event)->keyCombination()};
        const auto isAction = [&](const QAction* each) { return each->shortcuts().contains(keys); };
        const auto isShortcut = [&](const QShortcut* each) { return each->key() == keys; };
        const auto all = QWidget::actions();
        const auto others = findChildren<QShortcut*>();
        if (std::any_of(all.begin(), all.end(), isAction) ||
            std::any_of(others.begin(), others.end(), isShortcut)) {
            event->ignore();
            return true;
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::remember() {
    m_preferences.setGeometry(saveGeometry());
    m_preferences.setColumns(m_columns->saveState());
}

void MainWindow::closeEvent(QCloseEvent* event) {
    remember();
    m_clipboard.clear();
    event->accept();
}

} // namespace breakwater::desktop
