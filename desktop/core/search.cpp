#include "core/search.hpp"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

/// What people type for letters that have no accent by Unicode: it takes é apart, but not ł.
QStringView plainLetter(QChar letter) {
    switch (letter.unicode()) {
    case u'ł': return u"l";
    case u'đ':
    case u'ð': return u"d";
    case u'ø': return u"o";
    case u'ħ': return u"h";
    case u'ı': return u"i";
    case u'ß': return u"ss";
    case u'æ': return u"ae";
    case u'œ': return u"oe";
    case u'þ': return u"th";
    default: return {};
    }
}

} // namespace

QString folded(const QString& text) {
    const QString apart = text.normalized(QString::NormalizationForm_KD).toLower();
    QString plain;
    plain.reserve(apart.size());
    for (const QChar letter : apart) {
        if (letter.isMark())
            continue;
        if (const QStringView typed = plainLetter(letter); !typed.isEmpty())
            plain += typed;
        else
            plain += letter;
    }
    return plain;
}

bool hasText(const QString& text, const QString& typed) {
    return folded(text).contains(folded(typed.trimmed()));
}

QCollator naturalCollator() {
    // The C locale compares bytes and counts nothing.
    const QLocale locale;
    QCollator collator{locale.language() == QLocale::C ? QLocale{QLocale::English} : locale};
    collator.setNumericMode(true);
    collator.setCaseSensitivity(Qt::CaseInsensitive);
    return collator;
}

} // namespace breakwater::desktop
