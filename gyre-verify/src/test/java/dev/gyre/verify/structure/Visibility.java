package dev.gyre.verify.structure;

import java.lang.reflect.Modifier;

/// Who can see a type or a member.
final class Visibility {

    private Visibility() {}

    /// Returns whether users can name the type.
    static boolean isPublic(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return isVisible(type.getModifiers())
                && !type.isAnonymousClass()
                && !type.isLocalClass()
                && (outer == null || isPublic(outer));
    }

    /// Returns whether users can see a member of a type that they can name.
    static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }
}
