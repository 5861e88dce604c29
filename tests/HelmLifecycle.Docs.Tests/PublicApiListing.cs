using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace HelmLifecycle.Docs.Tests;

/// <summary>Lists what an assembly offers to users, one line for each type and member, in an order that does not depend on the compiler.</summary>
internal static class PublicApiListing
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Write(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().Where(t => !IsGenerated(t)).OrderBy(Name, StringComparer.Ordinal))
        {
            text.Append(Declaration(type)).Append('\n');
            foreach (string member in Members(type).Distinct().Order(StringComparer.Ordinal))
                text.Append("    ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    private static string Declaration(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : typeof(Delegate).IsAssignableFrom(type) ? "delegate" : type.IsValueType ? "struct"
            : type.GetMethod("<Clone>$") is not null ? "record" : "class";
        string modifier = kind is not ("class" or "record") ? "" : type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
        IEnumerable<Type> bases = kind is "enum" or "delegate" ? [] : Bases(type);
        string list = string.Join(", ", bases.Select(Name));
        return $"{modifier}{kind} {Name(type)}{(list.Length > 0 ? " : " + list : "")}";
    }

    private static IEnumerable<Type> Bases(Type type)
    {
        if (type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType))
            yield return b;
        foreach (Type i in type.GetInterfaces().Where(i => i.IsVisible).Except(type.BaseType?.GetInterfaces() ?? []).OrderBy(Name, StringComparer.Ordinal))
            yield return i;
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type).Select(n => $"{n} = {Convert.ToInt64(Enum.Parse(type, n), System.Globalization.CultureInfo.InvariantCulture)}");
        if (typeof(Delegate).IsAssignableFrom(type))
            return [Method(type.GetMethod("Invoke")!, "Invoke")];
        bool isRecord = type.GetMethod("<Clone>$") is not null;
        return
        [
            .. type.GetConstructors(Declared).Where(c => !c.IsStatic && IsVisible(c) && !IsCopy(c, type)).Select(c => $"{Access(c)}new({Parameters(c)})"),
            .. type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily).Select(f => $"{(f.IsLiteral ? "const " : f.IsStatic ? "static " : "")}{Name(f.FieldType)} {f.Name}"),
            .. type.GetProperties(Declared).Where(p => p.Name != "EqualityContract").Select(Property).OfType<string>(),
            .. type.GetEvents(Declared).Where(e => e.AddMethod is { } add && IsVisible(add)).Select(e => $"event {Name(e.EventHandlerType!)} {e.Name}"),
            .. type.GetMethods(Declared).Where(m => IsVisible(m) && IsWorthListing(m, isRecord)).Select(m => Method(m, m.Name)),
        ];
    }

    private static string? Property(PropertyInfo p)
    {
        MethodInfo? get = p.GetMethod is { } g && IsVisible(g) ? g : null, set = p.SetMethod is { } s && IsVisible(s) ? s : null;
        if ((get ?? set) is not { } any)
            return null;
        bool isInit = set?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        string index = p.GetIndexParameters() is { Length: > 0 } i ? $"[{string.Join(", ", i.Select(Parameter))}]" : "";
        string required = p.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        string mark = new NullabilityInfoContext().Create(p).ReadState == NullabilityState.Nullable && !p.PropertyType.IsValueType ? "?" : "";
        return $"{Access(any)}{required}{Kind(any)}{Name(p.PropertyType)}{mark} {p.Name}{index} {{ {(get is null ? "" : "get; ")}{(set is null ? "" : isInit ? "init; " : "set; ")}}}";
    }

    private static string Method(MethodInfo m, string name)
    {
        string generic = m.IsGenericMethodDefinition ? $"<{string.Join(", ", m.GetGenericArguments().Select(a => a.Name))}>" : "";
        string extension = m.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        string mark = new NullabilityInfoContext().Create(m.ReturnParameter).ReadState == NullabilityState.Nullable && !m.ReturnType.IsValueType ? "?" : "";
        return $"{Access(m)}{Kind(m)}{Name(m.ReturnType)}{mark} {name}{generic}({extension}{Parameters(m)})";
    }

    private static string Parameters(MethodBase m) => string.Join(", ", m.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo p)
    {
        string by = p.IsOut ? "out " : p.IsIn ? "in " : p.ParameterType.IsByRef ? "ref " : p.IsDefined(typeof(ParamArrayAttribute)) || p.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "";
        string mark = new NullabilityInfoContext().Create(p).WriteState == NullabilityState.Nullable && !p.ParameterType.IsValueType ? "?" : "";
        return $"{by}{Name(p.ParameterType)}{mark} {p.Name}{(p.HasDefaultValue ? " = " + Default(p) : "")}";
    }

    private static string Default(ParameterInfo p) => p.DefaultValue switch
    {
        null => p.ParameterType.IsValueType && Nullable.GetUnderlyingType(p.ParameterType) is null ? "default" : "null",
        string s => $"\"{s}\"",
        bool b => b ? "true" : "false",
        IFormattable v when p.ParameterType.IsEnum => Enum.ToObject(p.ParameterType, v).ToString()!,
        IFormattable v => v.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        var v => v.ToString()!,
    };

    private static string Name(Type type)
    {
        if (type.IsByRef || type.IsArray)
            return Name(type.GetElementType()!) + (type.IsArray ? "[]" : "");
        if (type.IsGenericParameter)
            return type.Name;
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Name(value) + "?";
        string name = type.IsNested ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Namespace?.StartsWith("HelmLifecycle", StringComparison.Ordinal) == true ? type.Name : Simple(type);
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        if (!type.IsGenericType || tick < 0)
            return name;
        int end = tick + 1;
        while (end < name.Length && char.IsAsciiDigit(name[end]))
            end++;
        return $"{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>{name[end..]}";
    }

    private static string Simple(Type type) => type.FullName switch
    {
        "System.Void" => "void",
        "System.String" => "string",
        "System.Boolean" => "bool",
        "System.Int32" => "int",
        "System.Int64" => "long",
        "System.Double" => "double",
        "System.Decimal" => "decimal",
        "System.Byte" => "byte",
        "System.Char" => "char",
        "System.Object" => "object",
        _ => type.Name,
    };

    private static string Kind(MethodBase m) => m.IsStatic ? "static " : m.DeclaringType!.IsInterface ? "" : m.IsAbstract ? "abstract " : m.IsVirtual && !m.IsFinal && (m as MethodInfo)?.GetBaseDefinition() == m ? "virtual " : "";

    private static string Access(MethodBase m) => m.IsFamily || m.IsFamilyOrAssembly ? "protected " : "";

    // Members of a type that nobody can derive from are not seen when they are protected.
    private static bool IsVisible(MethodBase m) => m.IsPublic || ((m.IsFamily || m.IsFamilyOrAssembly) && !m.DeclaringType!.IsSealed);

    private static bool IsCopy(ConstructorInfo c, Type type) => c.GetParameters() is [{ } only] && only.ParameterType == type && c.IsFamily;

    private static bool IsGenerated(Type type) => type.Name.Contains('<', StringComparison.Ordinal);

    // What the compiler makes for records, and accessors of properties and events, are told elsewhere; so are overrides of object.
    private static bool IsWorthListing(MethodInfo m, bool isRecord) =>
        (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal))
        && !m.Name.Contains('<', StringComparison.Ordinal)
        && m.GetBaseDefinition().DeclaringType != typeof(object)
        && !(isRecord && m.Name is "PrintMembers" or "Equals" or "op_Equality" or "op_Inequality")
        && !(isRecord && m.Name == "Deconstruct");
}
