package dev.gyre.verify.structure;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedTypeVariable;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes down everything that users of a module can name: one line for each type and member, in an
/// order that does not depend on the sources.
///
/// Left out: parameter names, which no caller depends on; what overrides a method of `Object`; and
/// what the compiler adds to enums and records. Members that a hidden superclass passes on are
/// listed with the type that passes them on.
final class ApiDump {

    /// Modifiers that callers or subclasses can notice.
    private static final int NOTICED =
            Modifier.PUBLIC
                    | Modifier.PROTECTED
                    | Modifier.STATIC
                    | Modifier.FINAL
                    | Modifier.ABSTRACT;

    private static final Set<String> OF_EVERY_OBJECT =
            Arrays.stream(Object.class.getMethods())
                    .map(method -> method.getName() + parameters(method))
                    .collect(Collectors.toSet());

    /// Overloads together, whatever they return.
    private static final Comparator<String> BY_NAME =
            Comparator.comparing(ApiDump::nameOfMethod).thenComparing(Comparator.naturalOrder());

    private ApiDump() {}

    static List<String> of(ShippedModule module) {
        List<String> lines = new ArrayList<>();
        lines.add("module " + module.name());
        module.publicTypes().stream()
                .sorted(Comparator.comparing(Class::getName))
                .forEach(type -> {
                    lines.add("");
                    lines.add(header(type));
                    members(type).forEach(member -> lines.add("    " + member));
                });
        return lines;
    }

    // Types.

    private static String header(Class<?> type) {
        StringBuilder text = new StringBuilder();
        if (type.isAnnotationPresent(Deprecated.class)) {
            text.append("@Deprecated ");
        }
        boolean isImplied = type.isInterface() || type.isEnum() || type.isRecord();
        int ignored = isImplied ? Modifier.FINAL | Modifier.ABSTRACT | Modifier.STATIC : 0;
        text.append(modifiers(type.getModifiers() & ~ignored));
        if (type.isSealed()) {
            text.append("sealed ");
        }
        text.append(kind(type))
                .append(' ')
                .append(type.getCanonicalName())
                .append(variables(type.getTypeParameters()));
        if (type.isRecord()) {
            text.append(components(type));
        }
        AnnotatedType parent = type.getAnnotatedSuperclass();
        if (parent != null && isNoticed(type, parent)) {
            text.append(" extends ").append(text(parent));
        }
        if (!type.isAnnotation()) {
            String before = type.isInterface() ? " extends " : " implements ";
            text.append(list(before, type.getAnnotatedInterfaces()));
        }
        return text.toString();
    }

    private static boolean isNoticed(Class<?> type, AnnotatedType parent) {
        return !type.isEnum()
                && !type.isRecord()
                && parent.getType() != Object.class
                && Visibility.isPublic(type.getSuperclass());
    }

    private static String kind(Class<?> type) {
        if (type.isAnnotation()) {
            return "@interface";
        }
        if (type.isInterface()) {
            return "interface";
        }
        if (type.isRecord()) {
            return "record";
        }
        return type.isEnum() ? "enum" : "class";
    }

    private static String components(Class<?> record) {
        return Arrays.stream(record.getRecordComponents())
                .map(component -> text(component.getAnnotatedType()) + " " + component.getName())
                .collect(Collectors.joining(", ", "(", ")"));
    }

    // Members.

    private static List<String> members(Class<?> type) {
        NavigableSet<String> fields = new TreeSet<>();
        NavigableSet<String> constructors = new TreeSet<>();
        NavigableSet<String> methods = new TreeSet<>(BY_NAME);
        for (Class<?> from = type;
                from != null && from != Object.class;
                from = hiddenParent(from)) {
            visible(from.getDeclaredFields()).map(ApiDump::text).forEach(fields::add);
            visible(from.getDeclaredMethods())
                    .filter(method -> isOwn(type, method))
                    .map(ApiDump::text)
                    .forEach(methods::add);
        }
        if (!type.isRecord()) {
            visible(type.getDeclaredConstructors()).map(ApiDump::text).forEach(constructors::add);
        }
        return Stream.of(fields, constructors, methods).flatMap(NavigableSet::stream).toList();
    }

    private static Class<?> hiddenParent(Class<?> type) {
        Class<?> parent = type.getSuperclass();
        return parent == null || Visibility.isPublic(parent) ? Object.class : parent;
    }

    private static <M extends Member> Stream<M> visible(M[] members) {
        return Arrays.stream(members)
                .filter(member -> Visibility.isVisible(member.getModifiers()))
                .filter(member -> !member.isSynthetic());
    }

    private static boolean isOwn(Class<?> type, Method method) {
        String name = method.getName();
        if (type.isEnum() && (name.equals("values") || name.equals("valueOf"))) {
            return false;
        }
        if (type.isRecord() && isAccessor(type, method)) {
            return false;
        }
        return !OF_EVERY_OBJECT.contains(name + parameters(method));
    }

    private static boolean isAccessor(Class<?> record, Method method) {
        return Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getAccessor)
                .anyMatch(method::equals);
    }

    private static String text(Field field) {
        if (field.isEnumConstant()) {
            return field.getName();
        }
        return deprecation(field.isAnnotationPresent(Deprecated.class))
                + modifiers(field.getModifiers())
                + text(field.getAnnotatedType())
                + " "
                + field.getName()
                + constant(field);
    }

    /// Constants are compiled into the classes of users, so a changed value is a changed API.
    private static String constant(Field field) {
        int constant = Modifier.STATIC | Modifier.FINAL;
        boolean isInlined = field.getType().isPrimitive() || field.getType() == String.class;
        if ((field.getModifiers() & constant) != constant || !isInlined) {
            return "";
        }
        try {
            return " = " + field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("a public constant cannot be read: " + field, e);
        }
    }

    private static String nameOfMethod(String line) {
        return line.replaceFirst("\\(.*", "").replaceFirst(".* ", "");
    }

    private static String text(Constructor<?> constructor) {
        return deprecation(constructor.isAnnotationPresent(Deprecated.class))
                + modifiers(constructor.getModifiers())
                + prefixed(constructor.getTypeParameters())
                + constructor.getDeclaringClass().getSimpleName()
                + parameters(constructor)
                + list(" throws ", constructor.getAnnotatedExceptionTypes());
    }

    private static String text(Method method) {
        int ignored = method.getDeclaringClass().isInterface() ? Modifier.ABSTRACT : 0;
        return deprecation(method.isAnnotationPresent(Deprecated.class))
                + modifiers(method.getModifiers() & ~ignored)
                + (method.isDefault() ? "default " : "")
                + prefixed(method.getTypeParameters())
                + text(method.getAnnotatedReturnType())
                + " "
                + method.getName()
                + parameters(method)
                + list(" throws ", method.getAnnotatedExceptionTypes())
                + (method.getDefaultValue() == null ? "" : " default " + method.getDefaultValue());
    }

    private static String parameters(Executable executable) {
        AnnotatedType[] types = executable.getAnnotatedParameterTypes();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            boolean isLast = i == types.length - 1;
            texts.add(
                    executable.isVarArgs() && isLast && types[i] instanceof AnnotatedArrayType array
                            ? text(array.getAnnotatedGenericComponentType()) + "..."
                            : text(types[i]));
        }
        return texts.stream().collect(Collectors.joining(", ", "(", ")"));
    }

    private static String deprecation(boolean isDeprecated) {
        return isDeprecated ? "@Deprecated " : "";
    }

    private static String modifiers(int modifiers) {
        String text = Modifier.toString(modifiers & NOTICED);
        return text.isEmpty() ? "" : text + " ";
    }

    // Types in signatures.

    private static String list(String before, AnnotatedType[] types) {
        return types.length == 0
                ? ""
                : Arrays.stream(types)
                        .map(ApiDump::text)
                        .sorted()
                        .collect(Collectors.joining(", ", before, ""));
    }

    private static String prefixed(TypeVariable<?>[] variables) {
        return variables.length == 0 ? "" : variables(variables) + " ";
    }

    private static String variables(TypeVariable<?>[] variables) {
        return variables.length == 0
                ? ""
                : Arrays.stream(variables)
                        .map(variable ->
                                variable.getName()
                                        + bounds(" extends ", variable.getAnnotatedBounds()))
                        .collect(Collectors.joining(", ", "<", ">"));
    }

    private static String bounds(String before, AnnotatedType[] bounds) {
        String text = Arrays.stream(bounds).map(ApiDump::text).collect(Collectors.joining(" & "));
        return text.isEmpty() || text.equals("Object") ? "" : before + text;
    }

    private static String text(AnnotatedType type) {
        String nullable =
                Arrays.stream(type.getAnnotations())
                        .map(annotation -> "@" + annotation.annotationType().getSimpleName() + " ")
                        .sorted()
                        .collect(Collectors.joining());
        return switch (type) {
            case AnnotatedArrayType array ->
                    text(array.getAnnotatedGenericComponentType())
                            + (nullable.isEmpty() ? "" : " " + nullable.strip() + " ")
                            + "[]";
            case AnnotatedParameterizedType generic ->
                    nullable + rawName(generic.getType()) + arguments(generic);
            case AnnotatedTypeVariable variable -> nullable + variable.getType().getTypeName();
            case AnnotatedWildcardType wildcard -> nullable + text(wildcard);
            default -> nullable + rawName(type.getType());
        };
    }

    private static String text(AnnotatedWildcardType wildcard) {
        String lower = bounds(" super ", wildcard.getAnnotatedLowerBounds());
        return "?"
                + (lower.isEmpty()
                        ? bounds(" extends ", wildcard.getAnnotatedUpperBounds())
                        : lower);
    }

    private static String arguments(AnnotatedParameterizedType generic) {
        return Arrays.stream(generic.getAnnotatedActualTypeArguments())
                .map(ApiDump::text)
                .collect(Collectors.joining(", ", "<", ">"));
    }

    private static String rawName(Type type) {
        if (type instanceof java.lang.reflect.ParameterizedType generic) {
            return rawName(generic.getRawType());
        }
        return type instanceof Class<?> raw ? name(raw) : type.getTypeName();
    }

    /// Returns the full name, but of our own types and those of `java.lang` without the package.
    private static String name(Class<?> type) {
        return type.getCanonicalName()
                .replaceFirst("^(java\\.lang|dev\\.gyre\\.[a-z]+)\\.(?=[A-Z])", "");
    }
}
