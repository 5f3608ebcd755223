namespace AspireGateway.Portal.Audit;

/// <summary>Registration of this folder.</summary>
public static class AuditFeature
{
    /// <summary>Adds its queries.</summary>
    public static void AddAudit(this IServiceCollection services) => services.AddSingleton<AuditQuery>();
}
