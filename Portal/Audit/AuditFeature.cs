using AspireGateway.Portal.Audit.Chain;

namespace AspireGateway.Portal.Audit;

/// <summary>Registration of this folder.</summary>
public static class AuditFeature
{
    /// <summary>Adds its queries and its command; what can be undone is registered by the folders of the things.</summary>
    public static void AddAudit(this IServiceCollection services) => services
        .AddSingleton<AuditQuery>()
        .AddSingleton<AuditNames>()
        .AddSingleton<AuditExport>()
        .AddSingleton<VerifyAudit>()
        .AddSingleton<SealAudit>()
        .AddSingleton<UndoChange>();
}
