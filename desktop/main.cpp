#include "keyring/keyring_vault.hpp"
#include "widgets/client.hpp"
#include "widgets/style.hpp"
#include "widgets/theme.hpp"

#include <QApplication>

#include <sys/resource.h>

using namespace Qt::StringLiterals;

int main(int argc, char** argv) {
    // A core dump would contain tokens and secrets.
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);

    QApplication application{argc, argv};
    QApplication::setApplicationName(u"breakwater-desktop"_s);
    QApplication::setApplicationDisplayName(u"Breakwater"_s);
    QApplication::setDesktopFileName(u"breakwater-desktop"_s);
    QApplication::setWindowIcon(breakwater::desktop::applicationIcon());
    QApplication::setStyle(new breakwater::desktop::Style);

    breakwater::desktop::Preferences preferences;
    breakwater::desktop::ColorScheme scheme{application};
    breakwater::desktop::KeyringVault vault;
    breakwater::desktop::Client client{vault, preferences, scheme};
    client.start();
    return QApplication::exec();
}
