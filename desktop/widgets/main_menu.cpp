#include "widgets/device_list.hpp"
#include "widgets/device_page.hpp"
#include "widgets/labels.hpp"
#include "widgets/main_window.hpp"

#include <QActionGroup>
#include <QButtonGroup>
#include <QDialog>
#include <QGridLayout>
#include <QMenu>
#include <QShortcut>

#include <array>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

struct Keys {
    QString what;
    QKeySequence keys;
};

} // namespace

void MainWindow::makeMenu() {
    auto* menu = new QMenu{m_account};
    QMenu* look = menu->addMenu(tr("Appearance"));
    auto* looks = new QActionGroup{menu};
    for (const auto& [choice, name] : {std::pair{ColorScheme::Choice::System, tr("As the system")},
                                       std::pair{ColorScheme::Choice::Light, tr("Light")},
                                       std::pair{ColorScheme::Choice::Dark, tr("Dark")}}) {
        QAction* action = look->addAction(name);
        action->setCheckable(true);
        action->setChecked(m_scheme.choice() == choice);
        looks->addAction(action);
        connect(action, &QAction::triggered, this, [this, choice = choice] {
            m_scheme.choose(choice);
            m_preferences.setScheme(choice);
        });
    }
    QMenu* language = menu->addMenu(tr("Language"));
    auto* languages = new QActionGroup{menu};
    for (const auto& [code, name] : {std::pair{QString{}, tr("As the system")},
                                     std::pair{u"en"_s, u"English"_s}, std::pair{u"pl"_s, u"Polski"_s}}) {
        QAction* action = language->addAction(name);
        action->setCheckable(true);
        action->setChecked(m_preferences.language() == code);
        languages->addAction(action);
        connect(action, &QAction::triggered, this, [this, code = code] {
            m_preferences.setLanguage(code);
            Q_EMIT languageChosen(code);
        });
    }
    menu->addSeparator();
    menu->addAction(tr("Keyboard shortcuts"), QKeySequence{Qt::Key_F1}, this, &MainWindow::showShortcuts);
    menu->addSeparator();
    menu->addAction(tr("Sign out"), this, &MainWindow::signOutWanted);
    menu->addAction(tr("Quit"), QKeySequence{Qt::CTRL | Qt::Key_Q}, this, &QWidget::close);
    m_account->setMenu(menu);
    addActions(menu->actions()); // so that their keys work while the menu is closed
}

void MainWindow::makeShortcuts() {
    const auto on = [this](const QKeySequence& keys, auto what) {
        connect(new QShortcut{keys, this}, &QShortcut::activated, this, what);
    };
    on(QKeySequence{Qt::CTRL | Qt::Key_N}, [this] { newDevice(); });
    on(QKeySequence{Qt::CTRL | Qt::Key_F}, [this] {
        showPage(FleetPage);
        m_list->focusSearch();
    });
    on(QKeySequence{Qt::Key_F5}, [this] { reload(); });
    on(QKeySequence{Qt::CTRL | Qt::Key_E}, [this] { m_device->startExport(); });
    for (const auto page : {FleetPage, AlertsPageIndex, SecurityPageIndex, UsersPageIndex})
        on(QKeySequence{Qt::CTRL |
                        static_cast<Qt::Key>(static_cast<int>(Qt::Key_1) + static_cast<int>(page))},
           [this, page] {
               if (m_navigation->button(page)->isVisibleTo(this))
                   showPage(page);
           });
}

void MainWindow::showShortcuts() {
    const std::array keys{Keys{tr("New device"), QKeySequence{Qt::CTRL | Qt::Key_N}},
                          Keys{tr("Search the devices"), QKeySequence{Qt::CTRL | Qt::Key_F}},
                          Keys{tr("Fetch everything anew"), QKeySequence{Qt::Key_F5}},
                          Keys{tr("Export the readings"), QKeySequence{Qt::CTRL | Qt::Key_E}},
                          Keys{tr("Rename the device"), QKeySequence{Qt::Key_F2}},
                          Keys{tr("Rotate its secret"), QKeySequence{Qt::CTRL | Qt::Key_R}},
                          Keys{tr("Invalidate its tokens"), QKeySequence{Qt::CTRL | Qt::SHIFT | Qt::Key_I}},
                          Keys{tr("Deactivate it"), QKeySequence{Qt::CTRL | Qt::Key_D}},
                          Keys{tr("Reactivate it"), QKeySequence{Qt::CTRL | Qt::SHIFT | Qt::Key_D}},
                          Keys{tr("Delete it"), QKeySequence{Qt::CTRL | Qt::Key_Delete}},
                          Keys{tr("Fleet, alerts, security log, users"), QKeySequence{Qt::CTRL | Qt::Key_1}},
                          Keys{tr("Quit"), QKeySequence{Qt::CTRL | Qt::Key_Q}}};
    auto* dialog = new QDialog{this};
    dialog->setWindowTitle(tr("Keyboard shortcuts"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    auto* grid = new QGridLayout{dialog};
    grid->setContentsMargins(20, 18, 20, 18);
    grid->setHorizontalSpacing(32);
    int row = 0;
    for (const Keys& each : keys) {
        grid->addWidget(plainLabel(each.what), row, 0);
        QString text = each.keys.toString(QKeySequence::NativeText);
        if (each.keys == QKeySequence{Qt::CTRL | Qt::Key_1})
            text += u" … 4"_s;
        grid->addWidget(mutedLabel(text), row++, 1);
    }
    dialog->open();
}

} // namespace breakwater::desktop
