namespace HelmLifecycle.Templates;

/// <summary>Short names for the parameter lists of functions, shared so that each is made once.</summary>
internal static class GoParameters
{
    public static readonly GoParameter[] None = [];
    public static readonly GoParameter[] Any = [GoParameter.Any];
    public static readonly GoParameter[] AnyAny = [GoParameter.Any, GoParameter.Any];
    public static readonly GoParameter[] String = [GoParameter.String];
    public static readonly GoParameter[] StringString = [GoParameter.String, GoParameter.String];
    public static readonly GoParameter[] StringStringString = [GoParameter.String, GoParameter.String, GoParameter.String];
    public static readonly GoParameter[] StringAny = [GoParameter.String, GoParameter.Any];
    public static readonly GoParameter[] Int = [GoParameter.Int];
    public static readonly GoParameter[] IntString = [GoParameter.Int, GoParameter.String];
    public static readonly GoParameter[] IntAny = [GoParameter.Int, GoParameter.Any];
    public static readonly GoParameter[] Map = [GoParameter.Map];
    public static readonly GoParameter[] MapString = [GoParameter.Map, GoParameter.String];
}
