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

struct Shortcut {
    QString label;
    QKeySequence keys;
};

} // namespace

void MainWindow::makeMenu() {
    auto* menu = new QMenu{m_account};
    QMenu* appearance = menu->addMenu(tr("Appearance"));
    auto* appearances = new QActionGroup{menu};
    for (const auto& [choice, name] : {std::pair{ColorScheme::Choice::System, tr("Same as system")},
                                       std::pair{ColorScheme::Choice::Light, tr("Light")},
                                       std::pair{ColorScheme::Choice::Dark, tr("Dark")}}) {
        QAction* action = appearance->addAction(name);
        action->setCheckable(true);
        action->setChecked(m_scheme.choice() == choice);
        appearances->addAction(action);
        connect(action, &QAction::triggered, this, [this, choice = choice] {
            m_scheme.setChoice(choice);
            m_preferences.setScheme(choice);
        });
    }
    QMenu* language = menu->addMenu(tr("Language"));
    auto* languages = new QActionGroup{menu};
    for (const auto& [code, name] : {std::pair{QString{}, tr("Same as system")},
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
    menu->addAction(tr("Sign out"), this, &MainWindow::signOutRequested);
    menu->addAction(tr("Quit"), QKeySequence{Qt::CTRL | Qt::Key_Q}, this, &QWidget::close);
    m_account->setMenu(menu);
    addActions(menu->actions()); // so that the shortcuts work while the menu is closed
}

void MainWindow::makeShortcuts() {
    const auto addShortcut = [this](const QKeySequence& keys, auto handler) {
        connect(new QShortcut{keys, this}, &QShortcut::activated, this, handler);
    };
    addShortcut(QKeySequence{Qt::CTRL | Qt::Key_N}, [this] { newDevice(); });
    addShortcut(QKeySequence{Qt::CTRL | Qt::Key_F}, [this] {
        showPage(FleetPage);
        m_list->focusSearch();
    });
    addShortcut(QKeySequence{Qt::Key_F5}, [this] { reload(); });
    addShortcut(QKeySequence{Qt::CTRL | Qt::Key_E}, [this] { m_device->startExport(); });
    for (const auto page : {FleetPage, AlertsPageIndex, SecurityPageIndex, UsersPageIndex}) {
        const auto key = static_cast<Qt::Key>(static_cast<int>(Qt::Key_1) + static_cast<int>(page));
        addShortcut(QKeySequence{Qt::CTRL | key}, [this, page] {
            if (m_navigation->button(page)->isVisibleTo(this))
                showPage(page);
        });
    }
}

void MainWindow::showShortcuts() {
    const std::array shortcuts{
        Shortcut{tr("New device"), QKeySequence{Qt::CTRL | Qt::Key_N}},
        Shortcut{tr("Search devices"), QKeySequence{Qt::CTRL | Qt::Key_F}},
        Shortcut{tr("Reload all data"), QKeySequence{Qt::Key_F5}},
        Shortcut{tr("Export readings"), QKeySequence{Qt::CTRL | Qt::Key_E}},
        Shortcut{tr("Rename device"), QKeySequence{Qt::Key_F2}},
        Shortcut{tr("Rotate secret"), QKeySequence{Qt::CTRL | Qt::Key_R}},
        Shortcut{tr("Invalidate tokens"), QKeySequence{Qt::CTRL | Qt::SHIFT | Qt::Key_I}},
        Shortcut{tr("Deactivate device"), QKeySequence{Qt::CTRL | Qt::Key_D}},
        Shortcut{tr("Reactivate device"), QKeySequence{Qt::CTRL | Qt::SHIFT | Qt::Key_D}},
        Shortcut{tr("Delete device"), QKeySequence{Qt::CTRL | Qt::Key_Delete}},
        Shortcut{tr("Fleet, alerts, security log, users"), QKeySequence{Qt::CTRL | Qt::Key_1}},
        Shortcut{tr("Quit"), QKeySequence{Qt::CTRL | Qt::Key_Q}}};
    auto* dialog = new QDialog{this};
    dialog->setWindowTitle(tr("Keyboard shortcuts"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    auto* grid = new QGridLayout{dialog};
    grid->setContentsMargins(20, 18, 20, 18);
    grid->setHorizontalSpacing(32);
    int row = 0;
    for (const Shortcut& shortcut : shortcuts) {
        grid->addWidget(plainLabel(shortcut.label), row, 0);
        QString text = shortcut.keys.toString(QKeySequence::NativeText);
        if (shortcut.keys == QKeySequence{Qt::CTRL | Qt::Key_1})
            text += u" … 4"_s;
        grid->addWidget(mutedLabel(text), row++, 1);
    }
    dialog->open();
}

} // namespace breakwater::desktop
