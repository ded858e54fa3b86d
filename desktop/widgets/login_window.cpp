#include "widgets/login_window.hpp"

#include "widgets/labels.hpp"

#include <QVBoxLayout>

namespace breakwater::desktop {

namespace {

constexpr int markSize = 56;
constexpr int formWidth = 340;

} // namespace

LoginWindow::LoginWindow(Session& session, QWidget* parent)
    : QWidget{parent}, m_form{new SignInForm{session}} {
    setWindowTitle(tr("Breakwater: sign in"));
    resize(460, 600);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(32, 32, 32, 24);
    layout->addStretch(1);
    auto* mark = new QLabel;
    mark->setPixmap(applicationIcon().pixmap(QSize{markSize, markSize}, devicePixelRatio()));
    layout->addWidget(mark, 0, Qt::AlignHCenter);
    auto* name = titleLabel(tr("Breakwater"), 1.7);
    layout->addWidget(name, 0, Qt::AlignHCenter);
    layout->addWidget(mutedLabel(tr("Your devices, safe and live")), 0, Qt::AlignHCenter);
    layout->addSpacing(24);
    m_form->setFixedWidth(formWidth);
    layout->addWidget(m_form, 0, Qt::AlignHCenter);
    layout->addStretch(2);
}

void LoginWindow::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_form->focus();
}

SignInAgainDialog::SignInAgainDialog(Session& session, QWidget* parent)
    : QDialog{parent}, m_form{new SignInForm{session}} {
    setWindowTitle(tr("Sign in again"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(24, 20, 24, 16);
    auto* text = plainLabel(tr("Your session has ended. Sign in to continue where you left off."));
    text->setWordWrap(true);
    layout->addWidget(text);
    layout->addSpacing(8);
    m_form->setFixedWidth(formWidth);
    m_form->lockAccount();
    m_form->setServer(session.server().toString());
    m_form->setEmail(session.email());
    layout->addWidget(m_form);
    auto* other = makeButton(tr("Sign out instead"), "plain");
    layout->addWidget(other);
    connect(other, &QPushButton::clicked, this, [this] {
        reject();
        Q_EMIT signOutRequested();
    });
    connect(m_form, &SignInForm::signedIn, this, &QDialog::accept);
    m_form->focus();
}

} // namespace breakwater::desktop
