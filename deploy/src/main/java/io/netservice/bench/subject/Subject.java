package io.netservice.bench.subject;

import io.netservice.bench.cluster.Publication;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that is measured.
 *
 * @param id how results name it
 * @param title how a person names it
 * @param publication what it publishes
 * @param command how it is started, with {@link #KUBECONFIG} in the place of the file
 */
public record Subject(String id, String title, Publication publication, List<String> command) {

  /** Stands for the kubeconfig's path in a command. */
  public static final String KUBECONFIG = "{kubeconfig}";

  /** kube-controller-manager with its default client limits. */
  public static final String KCM = "kcm";

  /** kube-controller-manager with limits that don't bind. */
  public static final String KCM_RAISED = "kcm-raised";

  /** This project's program. */
  public static final String OURS = "netservice";

  public Subject {
    command = List.copyOf(command);
  }

  /** The same with more arguments. */
  public Subject with(String... arguments) {
    List<String> more = new ArrayList<>(command);
    more.addAll(List.of(arguments));
    return new Subject(id, title, publication, more);
  }
}
